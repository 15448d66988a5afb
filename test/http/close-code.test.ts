import assert from 'node:assert/strict';
import { closeReason, isCloseCode } from '../../src/http/close-code';

describe('isCloseCode', () => {
  it('takes what a close frame may carry', () => {
    for (const code of [1000, 1001, 1003, 1007, 1011, 1014, 3000, 4999])
      assert.ok(isCloseCode(code), `${code}`);
  });

  it('takes nothing else', () => {
    for (const code of [0, 999, 1004, 1005, 1006, 1015, 2999, 5000, 1000.5, NaN])
      assert.ok(!isCloseCode(code), `${code}`);
  });
});

describe('closeReason', () => {
  it('leaves what a close frame can hold', () => {
    for (const reason of ['', 'gone', 'x'.repeat(123)]) assert.equal(closeReason(reason, '…'), reason);
  });

  it('cuts the rest off between characters, with a mark if there is to be one', () => {
    assert.equal(closeReason('é'.repeat(62)), 'é'.repeat(61));
    assert.equal(closeReason('x'.repeat(124), '…'), `${'x'.repeat(120)}…`);
  });
});
