import assert from 'node:assert/strict';
import { redactField, redactScalar } from '../../src/redaction/redacted-values';

describe('redacted values', () => {
  it('of fields keep what is no secret', () => {
    assert.equal(redactField('X-Api-Key', 'abc'), 'redacted');
    assert.equal(redactField('Authorization', 'Bearer abc.def'), 'Bearer redacted');
    assert.equal(redactField('authorization', 'abc'), 'redacted');
    assert.equal(redactField('authorization', 'SECRETKEY sig'), 'redacted');
    assert.equal(redactField('Set-Cookie', 'sid=a=b; Path=/; Secure'), 'sid=redacted; Path=/; Secure');
    assert.equal(redactField('Cookie', 'a=1; b="2"; c='), 'a=redacted; b=redacted; c=redacted');
    assert.equal(redactField('Cookie', 'SECRET; a="x;SECRET"'), 'redacted; a=redacted;redacted');
    assert.equal(redactField('Set-Cookie', 'SECRET; Path=/'), 'redacted; Path=/');
    assert.equal(redactField('Set-Cookie', 'a="x;SECRET"; HttpOnly'), 'a=redacted; HttpOnly');
    assert.equal(redactField('Set-Cookie', '=SECRET'), 'redacted');
    assert.equal(redactField('X-Dated', 'Bearer abc'), 'redacted');
  });

  it('of JSON keep their type', () => {
    assert.deepEqual(['"s"', '-1.5e3', 'true', 'false', 'null', '[]', '{}'].map(redactScalar), [
      '"redacted"',
      '0',
      'false',
      'false',
      'null',
      '[]',
      '{}',
    ]);
  });
});
