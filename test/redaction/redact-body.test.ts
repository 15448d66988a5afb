import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import { Body } from 'replay-proxy';
import { redactBody } from '../../src/redaction/redact-body';
import { streamOf } from '../support/exchange';
import { postJson, requestOf } from '../support/replay';

const takes =
  (...facets: string[]) =>
  (facet: string) =>
    facets.includes(facet);

async function redacted(request: ReturnType<typeof requestOf>, ...facets: string[]): Promise<string> {
  const body = redactBody(request, takes(...facets));
  return body instanceof Body ? body.text() : body;
}

const post = (type: string, body: string | Buffer, more = {}) =>
  requestOf('POST http://h/', { 'content-type': type, ...more }, body);

describe('a redacted body', () => {
  it('of JSON loses leaves, also inside a content coding', async () => {
    const json = '{"user":{"password":"x","age":7},"list":[{"pin":1234}]}';
    assert.equal(
      await redacted(postJson('http://h/', json), 'body.user.password', 'body.list.0.pin'),
      '{"user":{"password":"redacted","age":7},"list":[{"pin":0}]}',
    );
    const coded = post('application/json', gzipSync(json), { 'content-encoding': 'gzip' });
    assert.match(await redacted(coded, 'body.user.password'), /^\{"user":\{"password":"redacted"/);
    assert.equal(await redacted(postJson('http://h/', json), 'body.other'), 'same');
  });

  it('of a form loses fields, the rest byte for byte', async () => {
    const form = post('application/x-www-form-urlencoded', 'a=%41&password=x&b=');
    assert.equal(await redacted(form, 'body.password'), 'a=%41&password=redacted&b=');
    const part = (name: string, content: string) =>
      `--B\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${content}\r\n`;
    const multipart = post(
      'multipart/form-data; boundary=B',
      `${part('a.b', 'one')}${part('secret', 'x')}${part('c', 'three')}--B--\r\n`,
    );
    assert.equal(
      await redacted(multipart, 'body.secret', 'body.a\\.b'),
      `${part('a.b', 'redacted')}${part('secret', 'redacted')}${part('c', 'three')}--B--\r\n`,
    );
  });

  it('of anything else goes as a whole, or stays', async () => {
    assert.equal(await redacted(post('text/plain', 'secret'), 'body'), 'redacted');
    assert.equal(await redacted(post('text/plain', 'secret'), 'body.secret'), 'same');
    assert.equal(await redacted(requestOf('POST http://h/'), 'body'), 'same');
    assert.equal(redactBody(requestOf('POST http://h/', {}, streamOf('x')), takes('body')), 'same');
  });

  it('that ought to be looked into and cannot be is not kept', async () => {
    const broken = (type: string) => post(type, 'no gzip', { 'content-encoding': 'gzip' });
    assert.equal(await redacted(broken('application/json'), 'body.secret'), 'unreadable');
    assert.equal(await redacted(broken('image/png'), 'body.secret'), 'same');
    for (const text of ['{"secret":"x",}', '{"secret":"x'])
      assert.equal(await redacted(post('application/json', text), 'body.secret'), 'unreadable');
    assert.equal(await redacted(broken('application/json'), 'body'), 'redacted');
    const large = post('application/json', `"${'x'.repeat(17 * 1024 * 1024)}"`);
    assert.equal(await redacted(large, 'body.secret'), 'unreadable');
  });

  it('of JSON texts in lines loses leaves of each', async () => {
    const lines = '{"secret":"x","n":1}\n\n{"other":2}\n';
    assert.equal(
      await redacted(post('application/x-ndjson', lines), 'body.secret'),
      '{"secret":"redacted","n":1}\n\n{"other":2}\n',
    );
    assert.equal(
      await redacted(
        post('text/event-stream', 'id: 1\ndata: {"secret":"ü"}\n\ndata: [DONE]\n\n'),
        'body.secret',
      ),
      'id: 1\ndata: {"secret":"redacted"}\n\ndata: [DONE]\n\n',
    );
    assert.equal(
      await redacted(post('application/jsonl', '{"a":1}\n{"secret":\n"x"}'), 'body.secret'),
      'unreadable',
    );
  });

  it('never keeps what an equal key hides', async () => {
    const hidden = '{"user":{"secret":"x"},"user":{"n":1}}';
    assert.equal(await redacted(postJson('http://h/', hidden), 'body.user.secret'), '{"user":{"n":1}}');
  });

  it('of forms that cannot be read whole is not kept, nor any large or coded one that may have parts', async () => {
    const fields = Array.from({ length: 10_001 }, (_, i) => `a${i}=1`).join('&');
    for (const [type, body] of [
      ['application/x-www-form-urlencoded', `${fields}&secret=x`],
      [
        'multipart/form-data; boundary=B',
        '--B\r\nContent-Disposition: form-data; name="secret"\r\n\r\nx\r\n',
      ],
      ['multipart/mixed; boundary=B', '--B\r\n\r\nsecret\r\n--B--'],
      ['text/plain', `{"secret":"${'x'.repeat(17 * 1024 * 1024)}"}`],
    ] as const)
      assert.equal(await redacted(post(type, body), 'body.secret'), 'unreadable', type);
    const coded = (type: string) => post(type, 'secret', { 'content-encoding': 'foo' });
    assert.equal(await redacted(coded('text/plain'), 'body.secret'), 'unreadable');
    assert.equal(await redacted(coded('image/png'), 'body.secret'), 'same');
  });
});
