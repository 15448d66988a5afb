import assert from 'node:assert/strict';
import { dirname, resolve } from 'node:path';
import { replay } from './command';

const SHOP = resolve(__dirname, '../../examples/recordings/shop.har');
const show = (...args: string[]) => replay(dirname(SHOP), 'show', 'shop.har', ...args);

describe('replay show', function () {
  this.timeout(20_000);

  it('has one line a flow', () => {
    const { code, out, err } = show();
    assert.deepEqual([code, err], [0, '']);
    assert.match(out, /^1 GET http:\/\/shop\.example\/ 200 148 B \d+ ms\n2 GET /);
    assert.equal(out.split('\n').length, 10);
  });

  it('has one line of JSON a flow', () => {
    const lines = show('--json').out.trimEnd().split('\n');
    const flows = lines.map((line) => JSON.parse(line) as { number: number; method: string });
    assert.deepEqual(
      flows.map(({ number }) => number),
      [1, 2, 3, 4, 5, 6, 7, 8, 9],
    );
    assert.equal(flows[5]?.method, 'POST');
  });

  it('prints one exchange whole', () => {
    assert.match(
      show('7').out,
      /^7 GET [^]*\nGET http:\/\/shop\.example\/poll HTTP\/1\.1\n[^]*\n\n\{"n": 1\}\n$/,
    );
    const { response } = JSON.parse(show('7', '--json').out) as { response: { body: unknown } };
    assert.deepEqual(response.body, { text: '{"n": 1}' });
  });

  it('says which exchanges there are', () => {
    for (const n of ['10', '0', 'x']) {
      assert.deepEqual(show(n), {
        code: 2,
        out: '',
        err: `replay: recording shop.har has no exchange ${n}; there are 1 to 9\n`,
      });
    }
  });
});
