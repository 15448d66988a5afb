import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { HttpRequest } from '../../src/http/request';
import { HttpResponse } from '../../src/http/response';
import { openHar } from '../../src/recording/har-reader';
import type { RecordedFlow } from '../../src/recording/recorded-flow';
import type { Recording } from '../../src/recording/recording';

export const root = resolve(__dirname, '../..');
/** Recordings that lie beside the project on some machines. */
export const shared = resolve(root, '../shared/recordings');
export const fixtures = resolve(root, 'test/fixtures/recordings');

/** A folder that is gone after the tests of the suite that it is called in. */
export function scratch(): (name: string) => string {
  let folder = '';
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'har-'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));
  return (name) => join(folder, name);
}

/** One exchange, ready to be written. */
export function flow(url: string, parts: Partial<RecordedFlow> = {}): RecordedFlow {
  return {
    source: '',
    number: 1,
    request: HttpRequest.to(url, { startedAt: 1_700_000_000_000, endedAt: 1_700_000_000_001 }),
    response: new HttpResponse({
      headers: [['Content-Type', 'text/plain']],
      body: `answer to ${url}`,
      startedAt: 1_700_000_000_005,
      endedAt: 1_700_000_000_006,
    }),
    ...parts,
  };
}

/** The least that an entry of a foreign HAR has; parts replace members of request, response and the entry itself. */
export function entry(
  parts: { request?: object; response?: object; [member: string]: unknown } = {},
): object {
  const { request, response, ...members } = parts;
  return {
    startedDateTime: '2026-01-02T03:04:05.678Z',
    time: 1,
    request: { method: 'GET', url: 'http://shop.test/', httpVersion: 'HTTP/1.1', headers: [], ...request },
    response: {
      status: 200,
      statusText: 'OK',
      httpVersion: 'HTTP/1.1',
      headers: [],
      content: { size: 2, mimeType: 'text/plain', text: 'ok' },
      ...response,
    },
    timings: { send: 0, wait: 0, receive: 0 },
    ...members,
  };
}

/** Writes a pretty-printed HAR of these entries and opens it. */
export async function openForeign(path: string, ...entries: unknown[]): Promise<Recording> {
  writeFileSync(path, JSON.stringify({ log: { version: '1.2', entries } }, null, 2));
  return openHar(path);
}

/** The flow's head and body in a form that compares well. */
export function picture(one: RecordedFlow): unknown {
  const { request, response } = one;
  return {
    method: request.method,
    scheme: request.scheme,
    host: request.host,
    port: request.port,
    path: request.path,
    httpVersion: request.httpVersion,
    headers: request.headers.toJSON(),
    body: request.body.bytesSync().toString('hex'),
    trailers: request.trailers.toJSON(),
    times: [request.startedAt, request.endedAt, response?.startedAt, response?.endedAt],
    response: response && {
      status: response.status,
      reason: response.reason,
      httpVersion: response.httpVersion,
      headers: response.headers.toJSON(),
      body: response.body.bytesSync().toString('hex'),
      trailers: response.trailers.toJSON(),
    },
    error: one.error,
    unstored: one.unstored,
    incomplete: one.incomplete,
    redacted: one.redacted,
    session: one.session,
    webSocket: one.webSocket?.map(({ injected = false, dropped = false, ...m }) => ({
      ...m,
      injected,
      dropped,
      data: m.data.toString('hex'),
    })),
    webSocketClose: one.webSocketClose,
  };
}
