import type { Body } from '../http/body';
import type { HttpResponse } from '../http/response';
import type { BodyEnd } from './response-framing';

/** Thrown into the delivery of a response whose client has gone. */
export class ClientGone extends Error {
  constructor() {
    super('the client left before the end of its response');
  }
}

/** Where one response goes, in whatever version of HTTP the client speaks. */
export interface ResponseSink {
  /** Nothing can be written any more. */
  readonly isGone: boolean;
  readonly isHeadSent: boolean;
  /** Writes the head; with `atOnce` it does not wait for what follows. */
  writeHead(atOnce: boolean): void;
  /** Writes the head if that has not been done, with the mark that nothing follows. */
  writeHeadOnly(): void;
  /**
   * Writes the head, the body, which is not empty, and what marks the end, trailers too. Resolves and rejects as `end` does; undefined when
   * all was handed over at once.
   */
  writeWhole(body: Buffer): Promise<void> | undefined;
  /** False when the client should read first. */
  write(chunk: Buffer): boolean;
  /** Resolves when the client can take more; rejects when it has gone. */
  drained(): Promise<void>;
  /** Writes what marks the end, trailers too. Resolves when all is handed over; rejects when the client has gone. */
  end(): Promise<void>;
}

/**
 * Writes one framed response, as fast as the client reads. With `beforeEnd` the end stays back until it has settled: the last
 * bytes of a body whose length is known, else the mark that ends it; of a response without a body, the head.
 */
export function writeResponse(
  sink: ResponseSink,
  { body }: Pick<HttpResponse, 'body'>,
  end: BodyEnd,
  onHead: () => void,
  beforeEnd: (() => Promise<void>) | undefined,
): Promise<void> | undefined {
  const isAllThere = body.kind === 'memory' && end.kind === 'length' && end.length > 0;
  if (!isAllThere) return writePieces(sink, body, end, onHead, beforeEnd);
  const write = () => writeWhole(sink, body.bytesSync(), onHead);
  return beforeEnd ? beforeEnd().then(write) : write();
}

function writeWhole(sink: ResponseSink, body: Buffer, onHead: () => void): Promise<void> | undefined {
  if (sink.isGone) throw new ClientGone();
  const written = sink.writeWhole(body);
  onHead();
  return written;
}

async function writePieces(
  sink: ResponseSink,
  body: Body,
  end: BodyEnd,
  onHead: () => void,
  beforeEnd: (() => Promise<void>) | undefined,
): Promise<void> {
  const total = end.kind === 'none' ? 0 : end.kind === 'length' ? end.length : Infinity;
  let passed = 0;
  const held: Buffer[] = [];
  const head = (atOnce = false) => {
    if (sink.isHeadSent) return;
    if (total === 0) sink.writeHeadOnly();
    else sink.writeHead(atOnce);
    onHead();
  };
  const write = async (chunk: Buffer) => {
    if (sink.isGone) throw new ClientGone();
    head();
    // Behind its last byte the client may close at once: nothing is left to wait for.
    if (!sink.write(chunk) && passed < total) await sink.drained();
  };
  // Whoever waits for a stream's first event wants to see that the stream is open.
  if (body.kind === 'stream' && total > 0) head(true);
  for await (const chunk of body.chunks()) {
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
  if (!isAllWritten && sink.isGone) throw new ClientGone();
  head();
  await sink.end();
}
