import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { SyncHook } from 'tapable';
import * as AddonHooks from '../../src/core/addon-hooks';

const { addonHooks } = AddonHooks;
const load = createRequire(__filename);

describe('addonHooks', () => {
  it('makes the hooks once a proxy, at the first look', () => {
    const hooksOf = addonHooks('Test', () => ({ ring: new SyncHook(['bell']) }));
    const proxy = {};
    assert.equal(hooksOf(proxy), hooksOf(proxy));
    assert.notEqual(hooksOf(proxy), hooksOf({}));
  });

  it('hears taps that were made through a second copy of the package', () => {
    const path = load.resolve(join(__dirname, '../../src/core/addon-hooks'));
    const first = load(path) as typeof AddonHooks;
    delete load.cache[path];
    const second = load(path) as typeof AddonHooks;
    assert.notEqual(first.addonHooks, second.addonHooks);
    const create = () => ({ ring: new SyncHook<[string]>(['bell']) });
    const proxy = {};
    const rung: string[] = [];
    second
      .addonHooks(
        'Bells',
        create,
      )(proxy)
      .ring.tap('listener', (bell) => void rung.push(bell));
    first.addonHooks('Bells', create)(proxy).ring.call('ding');
    assert.deepEqual(rung, ['ding']);
  });
});
