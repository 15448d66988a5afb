import assert from 'node:assert/strict';
import { compareHeader, ignore, redact, renew, settingText } from '../../src/lint/suggestions';

describe('suggestions', () => {
  it('can be pasted into a shell', () => {
    assert.equal(redact('header.authorization').suggestion, '--redact header.authorization');
    assert.equal(redact("body.it's\\.so").suggestion, "--redact 'body.it'\\''s\\.so'");
    assert.equal(ignore('query.t').suggestion, '--ignore query.t');
    assert.equal(ignore('body.a\\.b.*').suggestion, "--ignore 'body.a\\.b.*'");
    assert.equal(compareHeader("x-`it's`").suggestion, "--rheader 'x-`it'\\''s`'");
  });

  it('do not take the whole text of a response out for one secret', () => {
    assert.match(
      redact('response.body').suggestion,
      /^take it out with an addon on Recorder's capture hook$/,
    );
    assert.match(
      renew('response.body').suggestion,
      /^renew it with an addon on ResponseRefresh's body hook$/,
    );
  });

  it('carry the setting as data', () => {
    assert.deepEqual(renew('response.body.jwt').setting, { flag: '--redact', value: 'response.body.jwt' });
    assert.equal(renew('response.body').setting, undefined);
    assert.equal(settingText({ flag: '--ignore', value: 'a b' }), "--ignore 'a b'");
  });

  it('renew what a response holds', () => {
    assert.equal(renew('query.jwt').suggestion, '--redact query.jwt');
    assert.equal(
      renew('response.body.jwt').suggestion,
      "--redact response.body.jwt, or renew it with an addon on ResponseRefresh's body hook",
    );
  });
});
