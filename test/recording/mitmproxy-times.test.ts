import assert from 'node:assert/strict';
import { millisecondsOf, secondsOf } from '../../src/recording/mitmproxy-times';

describe('times of a dump', () => {
  it('are seconds, exact to the microsecond', () => {
    assert.equal(millisecondsOf(1795346585.9185109), 1795346585918.511);
    assert.equal(secondsOf(1795346585918.51).value, 1795346585.91851);
  });
});
