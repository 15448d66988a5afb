import assert from 'node:assert/strict';
import { unfitHead } from '../../src/transport/unfit-head';

const status = (
  rawHeaders: string[],
  { method = 'GET', target = '/', httpVersion = '1.1', headerBlock = 100 } = {},
) => unfitHead({ method, target, httpVersion, rawHeaders }, { headerBlock })?.status;

describe('unfitHead', () => {
  it('takes HTTP/1.0 and HTTP/1.1 and nothing else', () => {
    assert.equal(status([]), undefined);
    assert.equal(status([], { httpVersion: '1.0' }), undefined);
    for (const httpVersion of ['0.9', '1.2', '2.0']) assert.equal(status([], { httpVersion }), 400);
    assert.equal(status([], { method: 'SOURCE', httpVersion: '1.0' }), 400);
  });

  it('takes a header block of the limit, and none of a byte more', () => {
    const block = 'GET / HTTP/1.1\r\nX: \r\n\r\n'.length;
    assert.equal(status(['X', 'x'.repeat(100 - block)]), undefined);
    assert.equal(status(['X', 'x'.repeat(101 - block)]), 431);
    assert.equal(status(Array<string>(60).fill('')), 431);
  });

  it('takes no Expect but 100-continue', () => {
    for (const value of ['100-continue', '100-Continue', '100-continue, 100-continue'])
      assert.equal(status(['eXPECT', value]), undefined);
    for (const value of ['', 'x', '100-continue, x', '100-continue;a=b', '100-continued']) {
      assert.equal(status(['Expect', value]), 417, value);
      assert.equal(status(['Expect', '100-continue', 'Expect', value]), 417, value);
      assert.equal(status(['Expect', value], { httpVersion: '1.0' }), undefined);
    }
  });
});
