import assert from 'node:assert/strict';
import { mayNameSecret, secretNoun } from '../../src/lint/secret-name';

describe('secretNoun', () => {
  it('knows the names of secrets, however they are written', () => {
    const names: Record<string, string[]> = {
      'a password': [
        'password',
        'passwd',
        'userPassword',
        'new_password',
        'password_confirmation',
        'password1',
      ],
      'a secret': ['secret', 'client_secret', 'clientSecret'],
      'a token': ['token', 'access_token', 'refreshToken', 'x-auth-token', 'id_token', 'csrf_token', 'jwt'],
      'a key': ['api_key', 'apikey', 'X-Api-Key', 'private_key', 'privateKey', 'aws_secret_access_key'],
      'a session': ['session', 'session_id', 'sessionId', 'PHPSESSID', 'x-session-token'],
    };
    for (const [noun, those] of Object.entries(names))
      for (const name of those) {
        assert.equal(secretNoun(name), noun, name);
        assert.ok(mayNameSecret(name));
      }
  });

  it('does not know names that are about secrets, or contain their letters', () => {
    for (const name of [
      'token_type',
      'tokenizer',
      'max_tokens',
      'nextPageToken',
      'page_token',
      'password_hint',
      'passwordReset',
      'forgot_password_url',
      'secretary',
      'session_duration',
      'sessions',
      'key',
      'keyboard',
      'idempotency-key',
      'sec-websocket-key',
      'author',
      'compass',
      '',
    ])
      assert.equal(secretNoun(name), undefined, name);
  });
});
