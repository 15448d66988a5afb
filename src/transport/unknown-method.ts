import type { Socket } from 'node:net';

/** What Node's parser reads in the place of a method that it does not know; its framing is that of any method. */
const STAND_IN = 'POST';
const METHOD = '[A-Z][A-Z0-9_-]{0,31}';
const LINE = new RegExp(`^(?!PRI )(${METHOD}) (?:/|\\*|https?://)[\\x21-\\x7e]* HTTP/1\\.[01]\\r\\n`);
const BEGINNING = new RegExp(`^${METHOD}(?: (?:[/*h][\\x21-\\x7e]*(?: [HTP/1.0]{0,8}\\r?)?)?)?$`);
/** Bytes within which a request line has to end. */
const LONGEST = 64 * 1024;

/**
 * Whether text is a request line of HTTP/1 with a method that is none of Node's (RFC 9110 §9.1 lets there be any); undefined while it
 * could become one.
 */
export function asksByUnknownMethod(text: string): boolean | undefined {
  if (LINE.test(text)) return true;
  return text.length <= LONGEST && BEGINNING.test(text) ? undefined : false;
}

/** Lets Node's parser read the request that waits on a socket, and returns the method that it was asked by. */
export function standInForMethod(socket: Socket): string | undefined {
  const bytes = socket.read() as Buffer | null;
  if (!bytes) return undefined;
  const method = LINE.exec(bytes.toString('latin1'))?.[1];
  const rest = method === undefined ? bytes : bytes.subarray(method.length);
  socket.unshift(method === undefined ? bytes : Buffer.concat([Buffer.from(STAND_IN, 'latin1'), rest]));
  return method;
}
