import assert from 'node:assert/strict';
import { withoutUndefined } from '../../src/config/without-undefined';

describe('withoutUndefined', () => {
  it('leaves out keys without a value, in sections too', () => {
    const values = { port: undefined, listen: { host: 'a', port: undefined }, addons: [undefined] };
    assert.deepEqual(withoutUndefined(values), { listen: { host: 'a' }, addons: [undefined] });
    assert.deepEqual(Object.keys(values), ['port', 'listen', 'addons'], 'what it was given stays');
  });

  it('copies lists', () => {
    const from = ['a.har'];
    const copy = withoutUndefined({ replay: { from } });
    from.push('b.har');
    assert.deepEqual(copy, { replay: { from: ['a.har'] } });
  });

  it('keeps what is no section as it is', () => {
    const addon = Object.create({ apply() {} }) as object;
    assert.equal((withoutUndefined({ addon }) as { addon: object }).addon, addon);
  });
});
