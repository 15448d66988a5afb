import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { HttpHeaders, type HeaderPair } from '../../src/http/headers';
import { HttpRequest } from '../../src/http/request';
import { HttpResponse } from '../../src/http/response';
import type { RecordedFlow } from '../../src/recording/recorded-flow';

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

/** Exchanges with all that a recording can tell of one, and bodies coded well, badly and not at all. */
export const recordedFlows: fc.Arbitrary<RecordedFlow> = fc
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
    close: fc.option(
      fc.record(
        {
          from: fc.constantFrom('client' as const, 'server' as const),
          code: fc.constantFrom(1000, 1005, 1006, 4999),
          reason: fc.constantFrom('', 'tschüss'),
          time,
        },
        { requiredKeys: ['from', 'code', 'reason'], noNullPrototype: true },
      ),
      { nil: undefined },
    ),
    webSocket: fc.option(
      fc.array(
        fc.record(
          {
            from: fc.constantFrom('client' as const, 'server' as const),
            time: fc.integer({ min: 0, max: 2 ** 41 }),
            opcode: fc.constantFrom(1, 2),
            data: bytes,
            injected: fc.constant(true),
            dropped: fc.constant(true),
          },
          { requiredKeys: ['from', 'time', 'opcode', 'data'], noNullPrototype: true },
        ),
        { maxLength: 3 },
      ),
      { nil: undefined },
    ),
  })
  .map(({ ask, answer, versions, times, extras, webSocket, close, ...r }) => {
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
      // Without a message, only a handshake that was accepted is one.
      ...(webSocket && webSocket.length > 0 && { webSocket, ...(close && { webSocketClose: close }) }),
    };
  });

const lines = fc.array(
  fc.tuple(
    fc.stringMatching(/^[A-Za-z][A-Za-z0-9-]{0,10}$/),
    fc.string({
      unit: fc
        .integer({ min: 0x20, max: 0xff })
        .map((code) => (code === 0x7f ? ' ' : String.fromCharCode(code))),
    }),
  ),
);
const plainBody = fc.uint8Array().map((bytes) => Buffer.from(bytes));
const microsecond = fc.integer({ min: 0, max: 4e15 }).map((microseconds) => microseconds / 1000);
const plainMessage = {
  headers: lines,
  trailers: lines,
  body: plainBody,
  startedAt: microsecond,
  endedAt: microsecond,
};
/** Exchanges with all that a dump can tell of one, whose times are in whole microseconds. */
export const dumpableFlows: fc.Arbitrary<RecordedFlow> = fc
  .record({
    request: fc.record({
      ...plainMessage,
      method: fc.constantFrom('GET', 'POST', 'M-SEARCH'),
      scheme: fc.constantFrom('http' as const, 'https' as const),
      host: fc.constantFrom('a.test', '127.0.0.1', '::1', 'bücher.test'),
      port: fc.integer({ min: 1, max: 65535 }),
      path: fc.webPath().map((path) => path || '*'),
      httpVersion: fc.constantFrom('1.0', '1.1', '2.0'),
    }),
    response: fc.record({
      ...plainMessage,
      status: fc.integer({ min: 100, max: 599 }),
      reason: fc.constantFrom('', 'OK', 'caf\xe9'),
      httpVersion: fc.constantFrom('1.0', '1.1', '2.0'),
    }),
    end: fc.constantFrom<Partial<RecordedFlow>>({}, { error: 'reset', incomplete: true }),
    more: fc.constantFrom<Partial<RecordedFlow>>(
      {},
      { session: 'é', redacted: ['header.cookie', 'body.token'] },
      { webSocket: [] },
      {
        webSocket: [
          { from: 'server', time: 1.5, opcode: 2, data: Buffer.from('\xff', 'latin1'), dropped: true },
          { from: 'client', time: 2.5, opcode: 1, data: Buffer.from('x'), injected: true },
        ],
        webSocketClose: { from: 'server', code: 4001, reason: 'tschüss', time: 3.25 },
      },
    ),
  })
  .map(({ request, response, end, more }): RecordedFlow => ({
    source: 'made',
    number: 1,
    request: new HttpRequest(request),
    response: new HttpResponse(response),
    ...(!more.webSocket && end),
    ...more,
  }));
