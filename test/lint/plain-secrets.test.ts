import assert from 'node:assert/strict';
import type { RecordedFlow } from '../../src/recording/recorded-flow';
import { redactFlow } from '../../src/redaction/redaction';
import { entry, postJson, requestOf } from '../support/replay';
import { messagesOf, webSocketEntry } from '../support/web-socket-client';
import { linted } from './linting';

const secrets = (...flows: RecordedFlow[]) =>
  linted(flows, 'secrets').map((line) => line.replace(' | ', '\n'));
const withHeaders = (headers: Record<string, string>) => entry(requestOf('http://h.example/', headers), '');

describe('findPlainSecrets', () => {
  it('finds credentials and cookies in headers', () => {
    assert.deepEqual(
      secrets(withHeaders({ Authorization: 'Basic dTpw' }), withHeaders({ authorization: 'x1y2' })),
      ['secrets #1 #2 header.authorization holds credentials\n--redact header.authorization'],
    );
    for (const [name, value, what] of [
      ['Proxy-Authorization', 'Basic dTpw', 'credentials'],
      ['X-Api-Key', 'k-123456', 'a key'],
      ['Cookie', 'theme=dark; session=abc123', 'cookies'],
      ['Referer', `http://h.example/?x=ghp_${'a1'.repeat(18)}`, 'a GitHub token'],
    ] as const)
      assert.deepEqual(secrets(withHeaders({ [name]: value })), [
        `secrets #1 header.${name.toLowerCase()} holds ${what}\n--redact header.${name.toLowerCase()}`,
      ]);
    const answer = { headers: { 'set-cookie': 'session=abc123; Path=/' } };
    assert.deepEqual(secrets(entry('http://h.example/', '', { answer })), [
      'secrets #1 response.header.set-cookie holds cookies\n--redact response.header.set-cookie',
    ]);
  });

  it('does not mind headers that hold none', () => {
    const harmless = {
      Authorization: 'Bearer null',
      'Proxy-Authorization': 'Negotiate',
      Cookie: 'theme=dark; consent=true; lang=en-US; session=',
      'X-Api-Key': '',
      'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
      'If-None-Match': '"5d41402abc4b2a76b9719d911017c592"',
    };
    const answer = {
      headers: {
        etag: '"5d41402abc4b2a76b9719d911017c592"',
        'set-cookie': 'session=; Max-Age=0',
        'x-request-id': '0190163d-8694-739b-aea5-966c26f8ad91',
      },
    };
    assert.deepEqual(secrets(entry(requestOf('http://h.example/', harmless), '', { answer })), []);
  });

  it('finds them in queries and bodies, by name and by shape', () => {
    const form = requestOf(
      'POST http://h.example/?api_key=abcdef&next_page_token=abcdef123456',
      { 'content-type': 'application/x-www-form-urlencoded' },
      'user=me&password=hunter2',
    );
    const answer = `{"users":[{"accessToken":"a1b2c3d4"},{"accessToken":"e5f6g7h8"}],"note":"ghp_${'a1'.repeat(18)}"}`;
    assert.deepEqual(secrets(entry(form, answer)), [
      'secrets #1 body.password holds a password\n--redact body.password',
      'secrets #1 query.api_key holds a key\n--redact query.api_key',
      'secrets #1 response.body.note holds a GitHub token\n--redact response.body.note',
      "secrets #1 response.body.users.*.accessToken holds a token\n--redact 'response.body.users.*.accessToken'",
    ]);
  });

  it('finds known shapes in any text', () => {
    const page = `<script>key = "AKIA${'IOSFODNN7EXAMPLE'}"</script>`;
    assert.deepEqual(secrets(entry('http://h.example/', page)), [
      "secrets #1 response.body holds an AWS access key\ntake it out with an addon on Recorder's capture hook",
    ]);
  });

  it('does not mind labels, messages, pages and data', () => {
    for (const text of [
      '<form><label>Password</label><input name="password" type="password"></form>',
      '{"password":"Passwort","token":"Zugangs-Token","errors":{"secret":["is too short"]}}',
      '{"token_type":"Bearer","session":3,"sessions":[1],"nextPageToken":"abc123def456"}',
      '{"commit":"5d41402abc4b2a76b9719d911017c592aaaaaaaa","key":"5d41402abc4b2a76"}',
    ])
      assert.deepEqual(secrets(entry('http://h.example/', text)), [], text);
  });

  it('does not mind what was taken out', () => {
    const flow = entry(
      requestOf(
        'POST http://h.example/?token=redacted',
        { authorization: 'Bearer [REDACTED]' },
        '{"secret":"x y z 1"}',
      ),
      '{"token":"a1b2c3d4"}',
      { redacted: ['body.secret', 'response.body.token'] },
    );
    assert.deepEqual(secrets(flow), []);
  });

  it('never prints a secret, not even one that is a name', () => {
    const secret = `ghp_${'a1B2'.repeat(9)}`;
    const request = postJson(
      `http://h.example/?${secret}=${secret}`,
      JSON.stringify({ [secret]: { token: secret } }),
    );
    const lines = secrets(entry(request, JSON.stringify({ [secret]: { token: secret } })));
    assert.equal(lines.length, 3);
    assert.doesNotMatch(lines.join(), /a1B2/);
  });

  it('finds them in what is said on a WebSocket, by the names that they are redacted by', () => {
    const said = ['> {"user":{"token":"a1b2c3d4e5f6"}}', '< {"token":"a1b2c3d4e5f6"}', '> hello'];
    const flow = webSocketEntry(messagesOf(...said), { number: 1 });
    const found = [
      'secrets #1 body.user.token holds a token',
      'secrets #1 response.body.token holds a token',
    ];
    assert.deepEqual(
      secrets(flow).map((line) => line.split('\n')[0]),
      found,
    );
    assert.deepEqual(secrets(redactFlow(flow, ['body.user.token', 'response.body.token'])), []);
  });
});
