import assert from 'node:assert/strict';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { HttpHeaders, type HeaderPair } from '../../src/http/headers';
import { HttpRequest } from '../../src/http/request';
import { HttpResponse } from '../../src/http/response';
import { openHar } from '../../src/recording/har-reader';
import { openHarWriter } from '../../src/recording/har-writer';
import type { RecordedFlow } from '../../src/recording/recorded-flow';
import { flow, picture, scratch } from './har-samples';

const latin1 = (from: number, to: number): fc.Arbitrary<string> =>
  fc.integer({ min: from, max: to }).map((code) => String.fromCharCode(code));
const name = fc
  .stringMatching(/^[A-Za-z][A-Za-z0-9-]{0,12}$/)
  .filter((n) => !/^(proxy-|content-|transfer-)/i.test(n));
const value = fc.string({ unit: fc.oneof(latin1(0x21, 0x7e), latin1(0x80, 0xff)), maxLength: 30 });
const pairs: fc.Arbitrary<HeaderPair[]> = fc.array(fc.tuple(name, value), { maxLength: 5 });
const bytes = fc.oneof(
  fc.uint8Array({ maxLength: 200 }).map((b) => Buffer.from(b)),
  fc.string({ unit: 'binary', maxLength: 100 }).map((s) => Buffer.from(s, 'utf8')),
  fc.string({ unit: latin1(0x20, 0xff), maxLength: 100 }).map((s) => Buffer.from(s, 'latin1')),
);
const codings: [string | undefined, (b: Buffer) => Buffer][] = [
  [undefined, (b) => b],
  ['gzip', gzipSync],
  ['br', brotliCompressSync],
  ['deflate', deflateSync],
  // Said but not so, and never heard of.
  ['gzip', (b) => b],
  ['x-none', (b) => b],
];
const message = fc
  .record({ headers: pairs, content: bytes, coding: fc.constantFrom(...codings), trailers: pairs })
  .map((m) => {
    const [coding, encode] = m.coding;
    const body = encode(m.content);
    const headers: HeaderPair[] = [...m.headers, ...(coding ? [['Content-Encoding', coding] as const] : [])];
    if (m.content.length % 2 === 0) headers.push(['Content-Length', String(body.length)]);
    return { headers, body, trailers: new HttpHeaders(m.trailers) };
  });
const time = fc.oneof(fc.integer({ min: 0, max: 2 ** 42 }), fc.double({ min: 0, max: 2 ** 42, noNaN: true }));
const path = fc
  .oneof(fc.webPath(), fc.string({ unit: fc.oneof(latin1(0x21, 0x7e), latin1(0x80, 0xff)) }))
  .map((p) => `/${p}`);
const version = fc.constantFrom('1.0', '1.1', '2.0');

const flows: fc.Arbitrary<RecordedFlow> = fc
  .record({
    method: fc.constantFrom('GET', 'POST', 'OPTIONS', 'M-SEARCH'),
    scheme: fc.constantFrom('http' as const, 'https' as const),
    host: fc.constantFrom('shop.test', 'Shop.Test', '::1', '127.0.0.1', '_x.y'),
    port: fc.constantFrom(80, 443, 8080, 65535),
    path: fc.oneof(path, fc.constantFrom('*', '//a', '/%zz?a#b', 'http://absolute/')),
    ask: message,
    answer: fc.option(message, { nil: undefined }),
    versions: fc.tuple(version, version),
    status: fc.constantFrom(200, 201, 404, 500, 999),
    reason: fc.constantFrom('OK', '', 'Gr\xfcn'),
    times: fc.tuple(time, time, time, time),
    extras: fc.record(
      {
        error: fc.constantFrom('ECONNRESET', 'refused: no'),
        redacted: fc.array(fc.string(), { maxLength: 2 }),
        session: fc.string(),
        incomplete: fc.constant(true),
      },
      { requiredKeys: [] },
    ),
    webSocket: fc.option(
      fc.array(
        fc.record({
          from: fc.constantFrom('client' as const, 'server' as const),
          time: fc.integer({ min: 0, max: 2 ** 41 }),
          opcode: fc.constantFrom(1, 2),
          data: bytes,
        }),
        { maxLength: 3 },
      ),
      { nil: undefined },
    ),
  })
  .map(({ ask, answer, versions, times, extras, webSocket, ...r }) => {
    const { status, reason, ...target } = r;
    const request = new HttpRequest({
      ...target,
      ...ask,
      httpVersion: versions[0],
      startedAt: times[0],
      endedAt: times[1],
    });
    const response =
      answer &&
      new HttpResponse({
        status,
        reason,
        ...answer,
        httpVersion: versions[1],
        startedAt: times[2],
        endedAt: times[3],
      });
    const { incomplete, ...others } = extras;
    return {
      source: '',
      number: 1,
      request,
      ...(response && { response, ...(incomplete && { incomplete }) }),
      ...others,
      ...(webSocket && { webSocket }),
    };
  });

describe('a HAR, written and read again', () => {
  const at = scratch();

  it('has the same exchanges, byte for byte', async function () {
    this.timeout(60_000);
    await fc.assert(
      fc.asyncProperty(fc.array(flows, { minLength: 1, maxLength: 4 }), async (written) => {
        const writer = openHarWriter(at('trip.har'), { append: false, version: '0' });
        for (const one of written) writer.append(one);
        writer.close();
        const recording = await openHar(at('trip.har'));
        assert.deepEqual(recording.warnings, []);
        assert.deepEqual(recording.flows.map(picture), written.map(picture));
        recording.close();
      }),
      { numRuns: 150 },
    );
  });

  it('has large bodies in files beside it, decoded and as received', async () => {
    const path = at('large.har');
    const random = Buffer.alloc(3 * 2 ** 20).map((_, i) => (i * 2654435761) >>> 13);
    const body = gzipSync(random);
    const headers = { 'content-encoding': 'gzip', 'content-length': String(body.length) };
    const request = HttpRequest.to('http://h/', { method: 'PUT', body: random, startedAt: 1, endedAt: 2 });
    const written = flow('http://h/', {
      request,
      response: new HttpResponse({ headers, body, startedAt: 3, endedAt: 4 }),
    });
    const writer = openHarWriter(path, { append: false, version: '0' });
    writer.append(written);
    writer.close();
    const recording = await openHar(path);
    assert.deepEqual(picture(recording.flows[0]!), picture(written));
    const pieces: Buffer[] = [];
    for await (const piece of recording.flows[0]!.request.body.chunks()) pieces.push(piece);
    assert.ok(Buffer.concat(pieces).equals(random));
    recording.close();
  });

  it('tells bodies that were not stored from empty ones', async () => {
    const path = at('unstored.har');
    const streamed = new HttpResponse({ headers: { 'content-length': '99' } });
    const written = [
      flow('http://h/1', { response: streamed, unstored: { request: true, response: true } }),
      flow('http://h/2', { response: new HttpResponse({ body: '' }) }),
    ];
    const writer = openHarWriter(path, { append: false, version: '0' });
    for (const one of written) writer.append(one);
    writer.close();
    const { flows, close } = await openHar(path);
    assert.deepEqual(
      flows.map((f) => f.unstored),
      [{ request: true, response: true }, undefined],
    );
    assert.equal(flows[0]?.response?.headers.get('content-length'), '99');
    close();
  });

  it('never holds what was meant for a proxy', async () => {
    const path = at('proxy.har');
    const headers: HeaderPair[] = [
      ['Proxy-Authorization', 'Basic c2VjcmV0'],
      ['proxy-connection', 'keep-alive'],
      ['X-Kept', '1'],
    ];
    const writer = openHarWriter(path, { append: false, version: '0' });
    writer.append(flow('http://h/', { request: HttpRequest.to('http://h/', { headers }) }));
    writer.close();
    const { flows, close } = await openHar(path);
    assert.deepEqual(flows[0]?.request.headers.toJSON(), [
      ['Host', 'h'],
      ['X-Kept', '1'],
    ]);
    close();
  });
});
