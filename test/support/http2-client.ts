import { once } from 'node:events';
import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  connect,
  type IncomingHttpHeaders,
  type IncomingHttpStatusHeader,
  type OutgoingHttpHeaders,
} from 'node:http2';

/** What came back on one stream. */
export interface Http2Answer {
  /** Undefined when the stream ended without a response. */
  readonly status: number | undefined;
  readonly headers: IncomingHttpHeaders & IncomingHttpStatusHeader;
  /** `name: value`, in the order in which they came, pseudo-header fields left out. */
  readonly lines: readonly string[];
  readonly body: Buffer;
  readonly trailers: IncomingHttpHeaders;
  readonly interim: readonly number[];
  /** 0 for a clean end (RFC 9113 §7). */
  readonly code: number;
}

const sessions = new Set<ClientHttp2Session>();

/** Node's HTTP/2 client once it is connected, closed by `closeHttp2Clients`; over TLS when there is a CA. */
export async function openHttp2(...args: Parameters<typeof startHttp2>): Promise<ClientHttp2Session> {
  const session = startHttp2(...args);
  await once(session, 'connect');
  return session;
}

/** The same before it is connected, which it may never be. */
export function startHttp2(
  { host, port }: { host: string; port: number },
  { ca, ...options }: { ca?: string; settings?: object; servername?: string } = {},
): ClientHttp2Session {
  const session = connect(`${ca === undefined ? 'http' : 'https'}://${host}:${port}`, {
    ...options,
    ...(ca !== undefined && { ca }),
  });
  sessions.add(session);
  session.on('error', () => {}).once('close', () => sessions.delete(session));
  return session;
}

/** For `afterEach`. */
export function closeHttp2Clients(): void {
  for (const session of sessions) session.destroy();
}

/** Sends one request, its body whole unless it is left to the caller. Never rejects. */
export function ask(
  session: ClientHttp2Session,
  headers: OutgoingHttpHeaders,
  body: string | Buffer | 'later' = '',
): Promise<Http2Answer> & { stream: ClientHttp2Stream } {
  const stream = session.request(headers, { endStream: body === '' });
  if (body !== '' && body !== 'later') stream.end(body);
  return Object.assign(answerOf(stream), { stream });
}

/** All that comes back on a stream. Never rejects. */
export async function answerOf(stream: ClientHttp2Stream): Promise<Http2Answer> {
  const chunks: Buffer[] = [];
  const interim: number[] = [];
  let headers: IncomingHttpHeaders & IncomingHttpStatusHeader = {};
  let raw: string[] = [];
  let trailers: IncomingHttpHeaders = {};
  stream
    .on('error', () => {})
    .on('headers', (fields) => void interim.push(Number(fields[':status'])))
    .on('response', (fields, _flags: number, rawHeaders?: string[]) => {
      headers = fields;
      raw = rawHeaders ?? [];
    })
    .on('trailers', (fields) => (trailers = fields))
    .on('data', (chunk: Buffer) => chunks.push(chunk));
  if (!stream.closed || !stream.destroyed) await new Promise((resolve) => stream.once('close', resolve));
  const lines: string[] = [];
  for (let i = 0; i < raw.length; i += 2) {
    if (!raw[i]!.startsWith(':')) lines.push(`${raw[i]}: ${raw[i + 1]}`);
  }
  return {
    status: headers[':status'],
    headers,
    lines,
    body: Buffer.concat(chunks),
    trailers,
    interim,
    code: stream.rstCode ?? 0,
  };
}
