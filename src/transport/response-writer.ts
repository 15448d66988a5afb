import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { HttpResponse } from '../http/response';
import { type FramedResponse, trailersOf } from './response-framing';

/** Thrown into the delivery of a response whose client has gone. */
export class ClientGone extends Error {
  constructor() {
    super('the client left before the end of its response');
  }
}

/**
 * Writes one framed response, as fast as the client reads. With `beforeEnd` the end stays back until it has settled: the last
 * bytes of a body whose length is known, else the mark that ends it; of a response without a body, the head.
 */
export async function writeResponse(
  target: ServerResponse,
  response: HttpResponse,
  framed: FramedResponse,
  onHead: () => void,
  beforeEnd: (() => Promise<void>) | undefined,
): Promise<void> {
  const { end } = framed;
  const total = end.kind === 'none' ? 0 : end.kind === 'length' ? end.length : Infinity;
  let passed = 0;
  const held: Buffer[] = [];
  const head = () => {
    if (target.headersSent) return;
    writeHead(target, framed);
    onHead();
  };
  const write = async (chunk: Buffer) => {
    if (gone(target)) throw new ClientGone();
    head();
    // Behind its last byte the client may close at once: nothing is left to wait for.
    if (!target.write(chunk) && passed < total) await drained(target);
  };
  // Whoever waits for a stream's first event wants to see that the stream is open.
  if (response.body.kind === 'stream' && total > 0) {
    head();
    target.flushHeaders();
  }
  for await (const chunk of response.body.chunks()) {
    if (end.kind === 'none' || chunk.length === 0) continue;
    passed += chunk.length;
    if (passed > total) throw new Error(`the body is longer than its Content-Length, ${total}`);
    if (beforeEnd && passed === total) held.push(chunk);
    else await write(chunk);
  }
  if (end.kind === 'length' && passed < total)
    throw new Error(`the body ended after ${passed} bytes of its Content-Length, ${total}`);
  await beforeEnd?.();
  for (const chunk of held) await write(chunk);
  const isAllWritten = end.kind === 'length' && total > 0;
  if (!isAllWritten && gone(target)) throw new ClientGone();
  head();
  if (end.kind === 'chunked')
    target.addTrailers(trailersOf(response).map(([name, value]): [string, string] => [name, value]));
  target.end();
  await finished(target);
}

function writeHead(target: ServerResponse, { status, reason, headers }: FramedResponse): void {
  target.sendDate = false;
  // Told in advance that these are not wanted, Node adds none of its own.
  for (const name of ['connection', 'content-length', 'transfer-encoding']) target.removeHeader(name);
  target.writeHead(status, reason, ordered(headers).flat());
}

/** Node garbles a Content-Disposition beyond ASCII that comes after Content-Length; the other way round it does not. */
function ordered(headers: FramedResponse['headers']): FramedResponse['headers'] {
  const isGarbled = ([name, value]: readonly [string, string]) =>
    // eslint-disable-next-line no-control-regex -- control characters are what it looks for
    name.toLowerCase() === 'content-disposition' && /[^\x00-\x7f]/.test(value);
  if (!headers.some(isGarbled)) return headers;
  const isLength = ([name]: readonly [string, string]) => name.toLowerCase() === 'content-length';
  return [...headers.filter((pair) => !isLength(pair)), ...headers.filter(isLength)];
}

function gone(target: ServerResponse): boolean {
  return target.destroyed || !target.socket?.writable;
}

async function drained(target: ServerResponse): Promise<void> {
  if (gone(target)) throw new ClientGone();
  const left = new AbortController();
  const close = () => left.abort();
  target.once('close', close);
  try {
    await once(target, 'drain', { signal: left.signal });
  } catch {
    throw new ClientGone();
  } finally {
    target.off('close', close);
  }
}

async function finished(target: ServerResponse): Promise<void> {
  if (target.writableFinished) return;
  await new Promise<void>((resolve, reject) => {
    target.once('finish', resolve).once('close', () => reject(new ClientGone()));
  });
}
