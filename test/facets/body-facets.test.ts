import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { Body, HttpRequest } from 'replay-proxy';
import { bodyFacets, bodyKey, facetsKey, readBody } from '../../src/facets/body-facets';
import { neededForMessage } from '../../src/http/grpc';
import { streamOf } from '../support/exchange';
import { requestOf } from '../support/replay';

const read = (body: string | Buffer | Body, headers: Record<string, string> = {}) =>
  readBody(requestOf('POST http://h/', headers, body), 'unknown');
const facets = (...args: Parameters<typeof read>) => bodyFacets(read(...args));
const sha256 = (bytes: string | Buffer) => `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
const json = { 'content-type': 'application/json' };
const form = { 'content-type': 'application/x-www-form-urlencoded' };

function multipart(boundary: string, content = 'bytes') {
  const body = [
    `--${boundary}`,
    'Content-Disposition: form-data; name="csrf.token"',
    '',
    'abc',
    `--${boundary}`,
    'Content-Disposition: form-data; name="photo"; filename="a.png"',
    'Content-Type: image/png',
    '',
    content,
    `--${boundary}--`,
    '',
  ].join('\r\n');
  return [body, { 'content-type': `multipart/form-data; boundary=${boundary}` }] as const;
}

describe('facets of a body', () => {
  it('are one a leaf of JSON, by type or by looks', () => {
    const expected = [
      ['body.a', '1'],
      ['body.b.0', '"x"'],
    ];
    const text = '\ufeff{"a":1,"b":["x"]}';
    const types = ['application/json', 'application/vnd.x+json; charset=utf-8', 'text/plain;charset=UTF-8'];
    for (const type of types)
      assert.deepEqual(facets(text.slice(1), { 'content-type': type }), expected, type);
    assert.deepEqual(facets(text, json), expected);
    assert.deepEqual(facets(text.slice(1)), expected);
    assert.deepEqual(facets(text.slice(1), form), expected);
    assert.deepEqual(facets('5', json), [['body', '5']]);
  });

  it('are one a field of a form', () => {
    assert.deepEqual(facets('a.b=1&c=x+y&c=%C3%A4&d', form), [
      ['body.a\\.b', '1'],
      ['body.c', 'x y'],
      ['body.c', 'ä'],
      ['body.d', ''],
    ]);
  });

  it('name files by their name and digest, whatever the boundary', () => {
    const expected = [
      ['body.csrf\\.token', 'abc'],
      ['body.photo', `file "a.png" ${sha256('bytes')}`],
    ];
    assert.deepEqual(facets(...multipart('one')), expected);
    assert.deepEqual(facets(...multipart('another')), expected);
    assert.equal(bodyKey(read(...multipart('one'))), bodyKey(read(...multipart('another'))));
    assert.notEqual(bodyKey(read(...multipart('one'))), bodyKey(read(...multipart('one', 'other'))));
  });

  it('are one of all for anything else', () => {
    for (const body of ['5', 'hello', '{"a":', Buffer.from([0x7b, 0xff, 0x7d])]) {
      assert.deepEqual(facets(body), [['body', sha256(body)]]);
    }
    assert.deepEqual(facets('{bad', json), [['body', sha256('{bad')]]);
    const broken = { 'content-type': 'multipart/form-data; boundary=x' };
    assert.deepEqual(facets('no parts', broken), [['body', sha256('no parts')]]);
  });

  it('are none for an empty body, also a coded one', () => {
    assert.equal(read(''), undefined);
    assert.equal(read(gzipSync(''), { 'content-encoding': 'gzip' }), undefined);
    assert.equal(bodyKey(undefined), '');
    assert.equal(facetsKey('json', []), '');
  });

  it('do not know content codings, and take what is not coded as it is', () => {
    const coded = { gzip: gzipSync('hello'), br: brotliCompressSync('hello') };
    for (const [coding, bytes] of Object.entries(coded)) {
      assert.deepEqual(facets(bytes, { 'content-encoding': coding }), facets('hello'));
    }
    assert.deepEqual(facets('hello', { 'content-encoding': 'gzip' }), facets('hello'));
    assert.deepEqual(facets('hello', { 'content-encoding': 'x-own' }), facets('hello'));
  });

  it('of a body past 16 MiB are its digest, read from a file that knows it', () => {
    const length = 17 * 1024 * 1024;
    const unread = Body.file({ length, digest: 'feed', read: () => assert.fail('was read') });
    assert.deepEqual(facets(unread, json), [['body', 'sha256:feed']]);
    const large = Buffer.alloc(length, ' ').fill('[]', 0, 2);
    assert.deepEqual(facets(large, json), [['body', sha256(large)]]);
    assert.deepEqual(facets(gzipSync(large), { ...json, 'content-encoding': 'gzip' }), facets(large, json));
  });

  it('of a body that streams are unknown', () => {
    const stream = Body.stream((async function* () {})());
    assert.deepEqual(facets(stream), [['body', 'unknown']]);
  });

  it('have a key that does not see the order and spacing of JSON', () => {
    assert.equal(bodyKey(read('{"a":1,"b":2}', json)), bodyKey(read('{ "b": 2, "a": 1 }', json)));
    assert.notEqual(bodyKey(read('{"a":1}', json)), bodyKey(read('{"a":"1"}', json)));
    assert.equal(bodyKey(read('a=1&b=2', form)), bodyKey(read('b=2&a=1', form)));
    assert.notEqual(bodyKey(read('a=1&a=2', form)), bodyKey(read('a=2&a=1', form)));
  });

  describe('of a gRPC call', () => {
    const message = (text: string, flag = 0) => {
      const bytes = flag ? gzipSync(text) : Buffer.from(text);
      return Buffer.from([flag, 0, 0, 0, bytes.length, ...bytes]).toString('latin1');
    };
    const call = (text: string, coding = 'gzip') =>
      HttpRequest.to('http://a.example/', {
        headers: { 'content-type': 'application/grpc', 'grpc-encoding': coding },
        body: Buffer.from(text, 'latin1'),
      });
    const streamed = async (text: string) => {
      const request = call('');
      request.body = streamOf(text);
      await request.body.readAhead(neededForMessage);
      return request;
    };
    const key = (request: HttpRequest) => bodyKey(readBody(request, 'unknown'));

    it('are those of its first message, compressed or not, stored or coming', async () => {
      const expected = key(call(message('hello')));
      assert.notEqual(expected, '');
      assert.equal(key(call(message('hello') + message('second'))), expected);
      assert.equal(key(call(message('hello', 1))), expected);
      assert.equal(key(await streamed(`${message('hello')}\0\0`)), expected);
      assert.notEqual(key(call(message('other'))), expected);
      // A coding that nobody knows is compared as it is.
      assert.notEqual(key(call(message('hello', 1), 'snappy')), expected);
      assert.equal(key(call(message('hello', 1), 'snappy')), key(call(message('hello', 1), 'snappy')));
    });

    it('tell no message from an empty one, and from half a one', () => {
      const keys = ['', message(''), '\0\0', message('hello').slice(0, 7)].map((text) => key(call(text)));
      assert.equal(new Set(keys).size, 4);
      assert.equal(keys[0], '');
    });

    it('are unknown before it is there, and of one that is too long', () => {
      const request = call('');
      request.body = streamOf('x');
      assert.equal(key(request), 'unknown');
      assert.equal(bodyKey(readBody(call(message('hello')), 'unknown', 4)), 'unknown');
      assert.notEqual(bodyKey(readBody(call(message('hello')), 'unknown', 5)), 'unknown');
    });
  });
});
