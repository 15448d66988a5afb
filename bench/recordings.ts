import { closeSync, existsSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { answerOf, HOST, pathOf, recordedAt } from './answers';
import { dumpRecord } from './dump';

/** Entries to record, each with a body of `size` bytes. */
export interface Shape {
  readonly entries: number;
  readonly size: number;
  /** Of the origin that was recorded. */
  readonly scheme: 'http' | 'https';
}

/** The header fields of every request, recorded and live. */
export const REQUEST_HEADERS = [
  ['Host', HOST],
  ['Accept', 'application/json'],
  ['User-Agent', 'bench'],
] as const;

/** A HAR of this shape in `folder`, written unless it is there. */
export function harOf({ entries, size, scheme }: Shape, folder: string): string {
  return written(join(folder, `${scheme}-${entries}-of-${size}.har`), function* () {
    yield '{"log":{"version":"1.2","creator":{"name":"bench","version":"1"},"entries":[\n';
    for (let at = 0; at < entries; at++) {
      yield `${JSON.stringify(entryOf(at, size, scheme))}${at < entries - 1 ? ',' : ''}\n`;
    }
    yield ']}}\n';
  });
}

/** The same as a mitmproxy dump. */
export function dumpOf({ entries, size, scheme }: Shape, folder: string): string {
  return written(join(folder, `${scheme}-${entries}-of-${size}.mitm`), function* () {
    for (let at = 0; at < entries; at++) yield dumpRecord(at, size, scheme, REQUEST_HEADERS);
  });
}

function written(file: string, pieces: () => Iterable<string | Buffer>): string {
  if (existsSync(file)) return file;
  const to = openSync(file, 'w');
  for (const piece of pieces()) writeSync(to, typeof piece === 'string' ? Buffer.from(piece) : piece);
  closeSync(to);
  return file;
}

function entryOf(at: number, size: number, scheme: string): object {
  const { headers, body } = answerOf(at, size);
  const named = (pairs: readonly (readonly [string, string])[]) =>
    pairs.map(([name, value]) => ({ name, value }));
  return {
    startedDateTime: recordedAt(at),
    time: 12,
    request: {
      method: 'GET',
      url: `${scheme}://${HOST}${pathOf(at)}`,
      httpVersion: 'HTTP/1.1',
      cookies: [],
      headers: named(REQUEST_HEADERS),
      queryString: [{ name: 'page', value: String(at % 7) }],
      headersSize: -1,
      bodySize: 0,
    },
    response: {
      status: 200,
      statusText: 'OK',
      httpVersion: 'HTTP/1.1',
      cookies: [],
      headers: named(headers),
      content: { size: body.length, mimeType: 'application/json; charset=utf-8', text: body.toString() },
      redirectURL: '',
      headersSize: -1,
      bodySize: body.length,
    },
    cache: {},
    timings: { send: 0, wait: 10, receive: 2 },
  };
}
