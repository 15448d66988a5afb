import assert from 'node:assert/strict';
import { Body } from '../../src/http/body';
import { HttpHeaders } from '../../src/http/headers';
import { Content } from '../../src/lint/content';

function message(body: Body | Buffer | string, headers: Record<string, string> = {}) {
  return { body: Body.from(body), headers: new HttpHeaders(headers) };
}

function visited(...args: Parameters<typeof message>): string[] {
  const seen: string[] = [];
  new Content(message(...args), 'body').visit((value, key, name) => seen.push(`${name()} ${key}=${value}`));
  return seen;
}

describe('Content', () => {
  it('visits leaves of JSON, by type or looks', () => {
    assert.deepEqual(visited('{"a":{"b":1}}', { 'content-type': 'application/json' }), ['body.a.b b=1']);
    assert.deepEqual(visited('\ufeff{"a":{"b":"x"}}'), ['body.a.b b=x']);
  });

  it('visits fields of forms', () => {
    const type = 'application/x-www-form-urlencoded';
    assert.deepEqual(visited('a.b=1+2&c=', { 'content-type': type }), ['body.a\\.b a.b=1 2', 'body.c c=']);
    const parts = '--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n--x--\r\n';
    assert.deepEqual(visited(parts, { 'content-type': 'multipart/form-data; boundary=x' }), ['body.a a=1']);
  });

  it('visits any other text whole, and nothing of what is no text', () => {
    assert.deepEqual(visited('<p>hello'), ['body =<p>hello']);
    assert.deepEqual(visited(Buffer.from('caf\xe9', 'latin1')), ['body =caf\xe9']);
    assert.deepEqual(visited(Buffer.from([0x89, 0x50, 0])), []);
    assert.deepEqual(visited(''), []);
  });
});
