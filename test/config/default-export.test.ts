import assert from 'node:assert/strict';
import { asNamespace, defaultExport } from '../../src/config/default-export';

const importText = (text: string): Promise<unknown> =>
  import(`data:text/javascript,${encodeURIComponent(text)}`);

describe('defaultExport', () => {
  it('takes the default of an ES module', async () => {
    assert.equal(defaultExport(await importText('export default 1')), 1);
    assert.equal(defaultExport(await importText('export const x = 1')), undefined);
  });

  it('looks through compiled CommonJS inside an ES module namespace', async () => {
    const namespace = await importText('export default { __esModule: true, default: 2 }');
    assert.equal(defaultExport(namespace), 2);
  });

  it('takes the default of compiled CommonJS, and plain exports whole', () => {
    assert.equal(defaultExport({ __esModule: true, default: 3 }), 3);
    assert.equal(defaultExport({ __esModule: true, x: 3 }), undefined);
    const plain = { default: 4 };
    assert.equal(defaultExport(plain), plain);
    assert.equal(defaultExport('text'), 'text');
  });
});

describe('asNamespace', () => {
  it('always gives a default', () => {
    assert.deepEqual(asNamespace({ x: 1 }), { x: 1, default: { x: 1 } });
    assert.deepEqual(asNamespace(5), { default: 5 });
    const compiled = { __esModule: true, default: 1 };
    assert.equal(asNamespace(compiled), compiled);
  });
});
