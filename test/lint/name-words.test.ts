import assert from 'node:assert/strict';
import { wordsOf } from '../../src/lint/name-words';

describe('wordsOf', () => {
  it('cuts a name into words, however it is written', () => {
    for (const name of ['accessToken', 'access_token', 'X-Access-Token', 'AccessToken', 'ACCESS_TOKEN'])
      assert.deepEqual(wordsOf(name).slice(-2), ['access', 'token'], name);
    assert.deepEqual(wordsOf('userAPIKey2'), ['user', 'api', 'key', '2']);
    assert.deepEqual(wordsOf('user[password]'), ['user', 'password']);
    assert.deepEqual(wordsOf('_'), []);
  });

  it('has none for a name of unusual length', () => {
    assert.deepEqual(wordsOf('A'.repeat(1_000_000)), []);
  });
});
