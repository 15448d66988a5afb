import assert from 'node:assert/strict';
import { canBeSecret, isRedactedText, isTrivial } from '../../src/lint/secret-value';

describe('isTrivial', () => {
  it('is true for what says nothing', () => {
    for (const text of [
      '',
      ' ',
      'null',
      'undefined',
      'false',
      '****',
      'xxxx',
      '${TOKEN}',
      '{{token}}',
      '<token>',
    ])
      assert.ok(isTrivial(text), text);
    assert.ok(!isTrivial('hunter2'));
  });
});

describe('isRedactedText', () => {
  it('knows what was taken out', () => {
    for (const text of ['redacted', '[REDACTED]', 'Bearer redacted']) assert.ok(isRedactedText(text));
    assert.ok(!isRedactedText('reduced'));
  });
});

describe('canBeSecret', () => {
  it('believes what a client sends', () => {
    assert.ok(canBeSecret('correct horse', 'a password', 'client'));
    assert.ok(canBeSecret('letmein', 'a token', 'client'));
    assert.ok(canBeSecret('abc123', 'a session', 'client'));
    assert.ok(!canBeSecret('morning', 'a session', 'client'));
    assert.ok(!canBeSecret('abc', 'a password', 'client'));
    assert.ok(!canBeSecret('[redacted]', 'a password', 'client'));
    for (const place of ['https://shop.example/reset', '/oauth/v2/token'])
      assert.ok(!canBeSecret(place, 'a password', 'client'));
  });

  it('wants more of what a server sends: it may be a label or a message', () => {
    for (const label of [
      'Passwort',
      'is too short',
      'This field is required.',
      'password-input-field',
      'Bearer',
    ])
      assert.ok(!canBeSecret(label, 'a password', 'server'), label);
    for (const code of ['hunter22', 'tGzv3JOkF0XG5Qx2TlKWIA', 'dGhpcyBpcyBhYcdeFgHi'])
      assert.ok(canBeSecret(code, 'a token', 'server'), code);
  });
});
