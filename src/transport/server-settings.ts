import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Limits } from './options';
import type { Refusal } from './refusal';

/** Milliseconds between two looks for connections whose header block is late. */
const CHECK_EVERY = 500;

/** Sets on a listening server what is otherwise given to its constructor, which the engine calls without options. */
export function applySettings(server: Server, limits: Limits): void {
  Object.assign(server, {
    headersTimeout: limits.headerTime,
    // A long body may take its time; whoever reads it looks after the gaps.
    requestTimeout: 0,
    keepAliveTimeout: limits.idle,
    timeout: 0,
    maxHeaderSize: limits.headerBlock,
    maxHeadersCount: 0,
    // We refuse it ourselves, with a sentence.
    requireHostHeader: false,
    // Not even for who runs Node with --insecure-http-parser: what it lets through smuggles requests.
    insecureHTTPParser: false,
    connectionsCheckingInterval: Math.min(CHECK_EVERY, Math.max(1, limits.headerTime / 2)),
  });
  // The interval is read when the server starts to listen, which it has done by now.
  server.emit('listening');
}

/** Takes a server's connections from Node's HTTP/1 parser. The returned function gives it one of them back, or any other socket. */
export function takeConnections(server: Server, taken: (socket: Socket) => void): (socket: Socket) => void {
  const listeners = server.listeners('connection') as ((socket: Socket) => void)[];
  server.removeAllListeners('connection').on('connection', taken);
  return (socket) => {
    for (const listener of listeners) listener.call(server, socket);
  };
}

/** What a client is told whose header block does not come to its end. */
export function lateHead({ headerTime }: Pick<Limits, 'headerTime'>): Refusal {
  return { status: 408, sentence: `no whole header block within ${headerTime / 1000} s` };
}

/** What a client is told whose header block is too long. */
export function longHead({ headerBlock }: Pick<Limits, 'headerBlock'>): Refusal {
  return { status: 431, sentence: `the header block is longer than ${headerBlock} bytes` };
}

/** What a client is told whose bytes Node's parser gave up on; undefined when there is nobody to tell. */
export function parserRefusal(error: NodeJS.ErrnoException, limits: Limits): Refusal | undefined {
  switch (error.code) {
    case 'ECONNRESET':
    case 'EPIPE':
      return undefined;
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return lateHead(limits);
    case 'HPE_HEADER_OVERFLOW':
      return longHead(limits);
    case 'HPE_CHUNK_EXTENSIONS_OVERFLOW':
      return { status: 413, sentence: 'the chunk extensions are too long' };
    case 'HPE_PAUSED_H2_UPGRADE':
      return { status: 400, sentence: 'HTTP/2 is not spoken on this connection; use HTTP/1.1' };
    default:
      return {
        status: 400,
        sentence: `this is no HTTP/1 request: ${error.message.replace(/^Parse Error: /, '')}`,
      };
  }
}
