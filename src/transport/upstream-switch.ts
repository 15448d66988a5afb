import type { Socket } from 'node:net';
import type { Switched } from '../core/ends';
import { UpstreamError } from '../errors';
import type { HttpRequest } from '../http/request';
import type { HttpResponse } from '../http/response';
import type { Limits } from './options';
import { RawSocketEnd } from './raw-end';
import { upstreamExtensions, webSocketKey } from './web-socket-handshake';
import { WebSocketConnection } from './web-socket-connection';
import { loadWs } from './ws-parts';

/** What a changed connection is made usable with. */
export interface UpstreamSwitchOptions {
  /** What was asked for. */
  readonly protocols: readonly string[];
  /** `host:port`, for error sentences. */
  readonly where: string;
  readonly limits: Pick<Limits, 'webSocketMessage' | 'webSocketClose'>;
  readonly now: () => number;
}

/**
 * Upstream's side after its 101 (RFC 9110 §15.2.2). The socket is closed when it rejects.
 * @throws UpstreamError for a change to what was not asked for, or half a handshake.
 */
export async function switchedUpstream(
  socket: Socket,
  request: HttpRequest,
  response: HttpResponse,
  options: UpstreamSwitchOptions,
): Promise<Switched> {
  try {
    const protocol = chosen(response, options);
    if (protocol.toLowerCase() !== 'websocket') return { kind: 'raw', end: new RawSocketEnd(socket) };
    return { kind: 'web-socket', peer: await webSocket(socket, request, response, options) };
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

function chosen({ headers }: HttpResponse, { protocols, where }: UpstreamSwitchOptions): string {
  const protocol = headers.folded('upgrade')?.trim() ?? '';
  if (protocols.some((asked) => asked.toLowerCase() === protocol.toLowerCase())) return protocol;
  throw new UpstreamError(`${where} switched to the protocol ${protocol}, which was not asked for`);
}

async function webSocket(
  socket: Socket,
  request: HttpRequest,
  response: HttpResponse,
  { where, limits, now }: UpstreamSwitchOptions,
): Promise<WebSocketConnection> {
  if (webSocketKey(request) === undefined)
    throw new UpstreamError(`${where} opened a WebSocket, although it was not asked to as RFC 6455 wants it`);
  const ws = await loadWs();
  const { webSocketMessage: longest, webSocketClose: closing } = limits;
  const asked = { ws, maxPayload: longest, where };
  const extensions = upstreamExtensions(request.headers, response.headers, asked);
  return new WebSocketConnection(socket, { ws, as: 'client', extensions, longest, closing, now });
}
