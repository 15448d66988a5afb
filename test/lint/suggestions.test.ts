import assert from 'node:assert/strict';
import { compareHeader, ignore, redact, renew } from '../../src/lint/suggestions';

describe('suggestions', () => {
  it('can be pasted into a shell', () => {
    assert.equal(redact('header.authorization'), '--redact header.authorization');
    assert.equal(redact("body.it's\\.so"), "--redact 'body.it'\\''s\\.so'");
    assert.equal(ignore('query.t'), '--ignore query.t');
    assert.equal(ignore('body.a\\.b.*'), "--ignore 'body.a\\.b.*'");
    assert.equal(compareHeader("x-`it's`"), "--rheader 'x-`it'\\''s`'");
  });

  it('do not take the whole text of a response out for one secret', () => {
    assert.match(redact('response.body'), /^take it out with an addon on Recorder's capture hook$/);
    assert.match(renew('response.body'), /^renew it with an addon on ResponseRefresh's body hook$/);
  });

  it('renew what a response holds', () => {
    assert.equal(renew('query.jwt'), '--redact query.jwt');
    assert.equal(
      renew('response.body.jwt'),
      "--redact response.body.jwt, or renew it with an addon on ResponseRefresh's body hook",
    );
  });
});
