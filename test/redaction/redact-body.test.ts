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
    assert.equal(await redacted(broken('application/json'), 'body'), 'redacted');
    const large = post('application/json', `"${'x'.repeat(17 * 1024 * 1024)}"`);
    assert.equal(await redacted(large, 'body.secret'), 'unreadable');
  });
});
