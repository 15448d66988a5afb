import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { ProtocolSwitch, RawEnd } from '../core/ends';
import type { WebSocketPeer } from '../core/web-socket';
import { ReplayError } from '../errors';
import type { HttpHeaders } from '../http/headers';
import type { HttpRequest } from '../http/request';
import type { HttpResponse } from '../http/response';
import type { Limits } from './options';
import { RawSocketEnd } from './raw-end';
import { protocolsOf } from './switchable';
import { clientExtensions, openingHeaders, switchingHeaders, webSocketKey } from './web-socket-handshake';
import { WebSocketConnection } from './web-socket-connection';
import { loadWs } from './ws-parts';

/** What a switch needs beside the two messages. */
export interface SwitchOptions {
  readonly limits: Pick<Limits, 'webSocketMessage' | 'webSocketClose'>;
  readonly now: () => number;
  readonly stopping: AbortSignal;
  /** The socket is not HTTP's any more; throws when the client has gone. */
  readonly detach: () => Socket;
  /** Hears that the client has broken its WebSocket off. */
  readonly gone: () => void;
}

/** Changes the protocol of a client's HTTP/1.1 connection (RFC 9110 §7.8). */
export class Http1Switch implements ProtocolSwitch {
  readonly stopping: AbortSignal;
  readonly #request: HttpRequest;
  readonly #options: SwitchOptions;

  constructor(request: HttpRequest, options: SwitchOptions) {
    this.#request = request;
    this.#options = options;
    this.stopping = options.stopping;
  }

  async toWebSocket(response: HttpResponse, onHead: () => void): Promise<WebSocketPeer> {
    const key = webSocketKey(this.#request);
    if (key === undefined)
      throw new ReplayError('the request asks for no WebSocket as RFC 6455 wants it', {
        code: 'ERR_NO_UPGRADE',
        status: 400,
      });
    const ws = await loadWs();
    const { limits, now, gone, detach } = this.#options;
    const longest = limits.webSocketMessage;
    const { extensions, header } = clientExtensions(this.#request.headers, response.headers, {
      ws,
      maxPayload: longest,
    });
    const head = headOf(response, openingHeaders(response.headers, { key, extensions: header }));
    const socket = detach();
    socket.write(head);
    onHead();
    const closing = limits.webSocketClose;
    return new WebSocketConnection(socket, {
      ...{ ws, as: 'server', extensions, longest, closing, now },
      broken: gone,
    });
  }

  async toRaw(response: HttpResponse, onHead: () => void): Promise<RawEnd> {
    const [protocol = 'unknown'] = protocolsOf(this.#request.headers);
    const head = headOf(response, switchingHeaders(response.headers, protocol));
    const socket = this.#options.detach();
    socket.write(head);
    onHead();
    return new RawSocketEnd(socket);
  }
}

/**
 * Looks after a client that waits for its answer while nothing is read from it: one that hangs up is cut off. Returns what ends the
 * look-out, the bytes that came early still to be read.
 */
export function watchForLeaving(socket: Socket): () => void {
  const leave = () => void socket.destroy();
  const look = () => {
    // The end is only seen by who reads.
    if (socket.readableLength === 0) socket.read();
  };
  socket.on('readable', look).once('end', leave);
  return () => void socket.off('readable', look).off('end', leave);
}

/** Lets a response that the server has not made write to that socket. */
export function attachResponse(outgoing: ServerResponse, socket: Socket): void {
  outgoing.assignSocket(socket);
  socket.on('drain', () => outgoing.emit('drain'));
}

function headOf({ status, reason }: HttpResponse, headers: HttpHeaders): Buffer {
  const lines = [`HTTP/1.1 ${status} ${reason}`, ...[...headers].map(([name, value]) => `${name}: ${value}`)];
  return Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1');
}
