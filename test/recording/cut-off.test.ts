import assert from 'node:assert/strict';
import { nothingLeft, usedBefore } from '../../src/recording/cut-off';

describe('what is said of a recording that is cut off', () => {
  it('tells what is used, and when nothing is', () => {
    assert.equal(usedBefore(1), 'the flow before it is used');
    assert.equal(usedBefore(3), 'the 3 flows before it are used');
    assert.equal(
      nothingLeft('shop.har').message,
      'recording shop.har is cut off and has not one whole flow; copy it again, or record it anew',
    );
  });
});
