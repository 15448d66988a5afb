import type { ClientHttp2Stream } from 'node:http2';
import { UpstreamError } from '../errors';
import { fieldsOf } from './http2-fields';
import type { Permission } from './permission';
import type { OutgoingRequest } from './upstream-request';

/** Bytes of a body at hand that are written at a time, so that it shows when they are taken. */
const PIECE = 64 * 1024;

/**
 * Writes a request's content and trailers on a stream, as fast as they are taken, and with `permission` if they wait for it; ends early when the stream is closed. `watch` is told
 * whenever it begins or ends that upstream is waited for.
 * @throws what reading the body throws; UpstreamError when it is not as long as it was said to be.
 */
export async function writeHttp2Body(
  stream: ClientHttp2Stream,
  request: OutgoingRequest,
  permission: Permission,
  watch: (waits: boolean) => void,
): Promise<void> {
  const { body, length } = request;
  let written = 0;
  const mismatch = () =>
    new UpstreamError('upstream did not get the request: its body is not as long as its Content-Length says');
  stream.once('wantTrailers', () => stream.sendTrailers(fieldsOf(request.trailers())));
  if (request.expectsContinue) {
    watch(true);
    if (!(await permission.given(stream))) return;
    watch(false);
  }
  if (body !== null) {
    for await (const chunk of Buffer.isBuffer(body) ? pieces(body) : body) {
      if (!isWritable(stream)) return;
      written += chunk.length;
      if (length !== undefined && written > length) throw mismatch();
      if (chunk.length === 0 || stream.write(chunk)) continue;
      watch(true);
      await drained(stream);
      watch(false);
    }
    if (length !== undefined && written < length) throw mismatch();
  }
  if (stream.closed || stream.destroyed) return;
  if (stream.writable) stream.end();
  watch(true);
}

/** Whether the end of a request may be followed by trailers. */
export function mayHaveTrailers(request: OutgoingRequest): boolean {
  return (request.body !== null && !Buffer.isBuffer(request.body)) || request.trailers().length > 0;
}

async function* pieces(body: Buffer): AsyncGenerator<Buffer> {
  for (let at = 0; at < body.length; at += PIECE) yield body.subarray(at, at + PIECE);
}

function isWritable(stream: ClientHttp2Stream): boolean {
  return !stream.closed && !stream.destroyed && stream.writable;
}

async function drained(stream: ClientHttp2Stream): Promise<void> {
  await new Promise<void>((resolve) => {
    const done = () => {
      stream.off('drain', done).off('close', done);
      resolve();
    };
    stream.on('drain', done).on('close', done);
    if (!isWritable(stream)) done();
  });
}
