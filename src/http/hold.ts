import { Body } from './body';
import type { Message } from './decoded-bytes';

/**
 * Reads the streamed body of a message into memory. One longer than `limit` bytes stays a stream: what was read, then the rest; one that
 * says so itself is not read at all. Other bodies are handed back as they are. Rejects when the body is cut short.
 */
export async function holdBody({ body, headers }: Message, limit: number): Promise<Body> {
  if (body.kind !== 'stream' || Number(headers.get('content-length') ?? 0) > limit) return body;
  const iterator = body.chunks()[Symbol.asyncIterator]();
  const held: Buffer[] = [];
  let size = 0;
  while (size <= limit) {
    const { done, value } = await iterator.next();
    if (done) return Body.from(held.length === 1 ? held[0]! : Buffer.concat(held, size));
    held.push(value);
    size += value.length;
  }
  return Body.stream(rejoined(held, iterator));
}

async function* rejoined(held: Buffer[], rest: AsyncIterator<Buffer>): AsyncGenerator<Buffer> {
  try {
    for (let chunk = held.shift(); chunk; chunk = held.shift()) yield chunk;
    yield* { [Symbol.asyncIterator]: () => rest };
  } finally {
    await rest.return?.();
  }
}
