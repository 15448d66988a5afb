import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { HttpRequest } from '../../src/http/request';
import { HttpResponse } from '../../src/http/response';
import type { RecordedFlow } from '../../src/recording/recorded-flow';
import { encodeTnetstring, type TnetValue } from '../../src/recording/tnetstring';

const ROOT = path.resolve(__dirname, '../..');
const OWN = path.join(ROOT, 'test/fixtures/recordings/mitmproxy');
const PEERS = path.resolve(ROOT, '../shared/recordings/peers/mitmproxy');

export const ownDumps = (): string[] => readdirSync(OWN).filter((name) => name.endsWith('.mitm'));
export const own = (name: string): string => path.join(OWN, name);

/** A recording of the folder beside the project; skips the test where that is missing. */
export function peer(test: Mocha.Context, name: string): string {
  const file = path.join(PEERS, name);
  if (existsSync(file)) return file;
  console.log(`      skipped: ${name} is not beside the project`);
  return test.skip();
}

/** A folder that goes away with the test suite. */
export class TestFolder {
  #folder: string | undefined;

  file(name: string, content?: Buffer | string): string {
    this.#folder ??= mkdtempSync(path.join(tmpdir(), 'recording-'));
    const file = path.join(this.#folder, name);
    if (content !== undefined) writeFileSync(file, content);
    return file;
  }

  remove(): void {
    if (this.#folder) rmSync(this.#folder, { recursive: true });
    this.#folder = undefined;
  }
}

/** Everything of a flow but where it was read from, to compare. */
export function exchange(flow: RecordedFlow): Record<string, unknown> {
  const { source: _source, number: _number, request, response, ...rest } = flow;
  return { ...rest, request: message(request), response: response && message(response) };
}

function message(of: HttpRequest | HttpResponse): Record<string, unknown> {
  const { headers, trailers, body, ...rest } = of;
  return {
    ...rest,
    headers: [...headers],
    trailers: [...trailers],
    body: body.bytesSync().toString('latin1'),
  };
}

/** An exchange made up for a test. */
export function flowOf(url: string, text = 'hello', extra: Partial<RecordedFlow> = {}): RecordedFlow {
  return {
    source: 'made',
    number: 1,
    request: HttpRequest.to(url),
    response: new HttpResponse({
      headers: { 'content-type': 'text/plain' },
      body: text,
      startedAt: 1_700_000_000_000.25,
    }),
    ...extra,
  };
}

type Fields = Record<string, TnetValue>;

/** One record of a dump, whole enough to be read; `change` replaces fields of the record. */
export function record(change: Fields = {}, request: Fields = {}, response: Fields = {}): Buffer {
  const times = { timestamp_start: 1.5, timestamp_end: 2.5 };
  const message = {
    http_version: bytes('HTTP/1.1'),
    headers: [[bytes('Host'), bytes('a.test')]],
    content: bytes('x'),
    ...times,
  };
  return encodeTnetstring({
    version: 21,
    type: 'http',
    error: null,
    request: {
      ...message,
      host: 'a.test',
      port: 80,
      method: bytes('GET'),
      scheme: bytes('http'),
      authority: bytes(''),
      path: bytes('/'),
      ...request,
    },
    response: { ...message, status_code: 200, reason: bytes('OK'), ...response },
    ...change,
  });
}

export const bytes = (text: string): Buffer => Buffer.from(text, 'latin1');
export const contentOf = (file: string): Buffer => readFileSync(file);
