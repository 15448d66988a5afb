import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { Tunnel } from '../core/tunnel';
import { reasonOf, statusOf } from '../errors';
import { type Authority, type Origin, parseAuthority } from '../http/authority';
import { clientInfo } from './client-connection';
import { listenFor } from './first-bytes';
import type { Gate } from './gate';
import { endWith } from './linger';
import type { Limits, TransportHandlers } from './options';
import { joinSockets, openTunnel } from './raw-tunnel';
import { type Refusal, refusalBytes } from './refusal';
import { responseBytes } from './response-bytes';
import type { TlsEnds } from './tls-ends';

/** What tunnels are opened with. */
export interface TunnelOptions {
  readonly limits: Limits;
  readonly handlers: TransportHandlers;
  readonly tls: TlsEnds;
  readonly gate: Gate;
  /** The session of all who come this way; undefined where the credentials name it. */
  readonly session: string | undefined;
  /** There is one origin, and no tunnels to others. */
  readonly isReverse: boolean;
  /** The request itself came through a tunnel. */
  readonly isTunnelled: boolean;
  /** Settles when requests may be answered. */
  readonly served: Promise<void>;
  /** Takes note of a socket, to close it with the listener. */
  readonly track: (socket: Socket) => void;
  /** Reads requests from `socket`; `tcp` is what carries its bytes. */
  readonly serve: (socket: Socket, tcp: Socket, origin: Origin, session: string) => void;
}

const ESTABLISHED = 'HTTP/1.1 200 Connection established\r\n\r\n';

/** Answers one CONNECT (RFC 9110 §9.3.6). Rejects only when something here is broken. */
export async function acceptTunnel(
  incoming: IncomingMessage,
  socket: Socket,
  options: TunnelOptions,
): Promise<void> {
  const { handlers, served } = options;
  const refuse = (refusal: Refusal) => endWith(socket, refusalBytes(refusal));
  const target = targetOf(incoming, options);
  if ('sentence' in target) return refuse(target);
  await served;
  const admission = options.gate.admit(incoming.headers['proxy-authorization'], options.session);
  if ('sentence' in admission) return refuse(admission);
  const tunnel: Tunnel = { ...target, client: clientInfo(socket), session: admission.session };
  try {
    const verdict = await handlers.connect(tunnel);
    if (socket.destroyed) return;
    if (verdict === 'tunnel') await passOn(socket, tunnel, options, ESTABLISHED);
    else if (verdict === 'intercept') await intercept(socket, tunnel, options);
    else if (verdict.kind === 'kill') socket.destroy();
    else endWith(socket, await responseBytes(verdict.response));
  } catch (error) {
    refuse({ status: statusOf(error), sentence: reasonOf(error) });
  }
}

function targetOf(
  { url = '' }: IncomingMessage,
  { isReverse, isTunnelled }: TunnelOptions,
): Authority | Refusal {
  if (isReverse)
    return { status: 405, sentence: 'this stands in for one server and opens no tunnels; ask it directly' };
  if (isTunnelled) return { status: 400, sentence: 'CONNECT inside a tunnel is not taken' };
  return (
    parseAuthority(url) ?? {
      status: 400,
      sentence: 'the target of CONNECT is no host name or address with a port',
    }
  );
}

async function intercept(socket: Socket, tunnel: Tunnel, options: TunnelOptions): Promise<void> {
  const { limits, handlers, tls, serve } = options;
  socket.write(ESTABLISHED);
  const speech = await listenFor(socket, limits.tunnelSilence);
  if (!speech || socket.destroyed) socket.destroy();
  else if (speech === 'http') serve(socket, socket, { scheme: 'http', ...tunnel }, tunnel.session);
  else if (speech === 'tls') {
    const secured = (inner: TLSSocket) =>
      serve(inner, socket, { scheme: 'https', ...tunnel }, tunnel.session);
    try {
      tls.accept(socket, tunnel.host, secured);
    } catch (error) {
      handlers.warn(reasonOf(error));
      socket.destroy();
    }
  } else {
    const passes = await handlers.opaque(tunnel).catch(() => false);
    if (!passes || socket.destroyed) socket.destroy();
    else await passOn(socket, tunnel, options, '').catch(() => socket.destroy());
  }
}

async function passOn(
  socket: Socket,
  tunnel: Tunnel,
  { limits, handlers, track }: TunnelOptions,
  greeting: string,
): Promise<void> {
  const upstream = await openTunnel(tunnel, limits, socket, (where) => handlers.contact(where));
  if (socket.destroyed) {
    upstream.destroy();
    return;
  }
  track(upstream);
  if (greeting) socket.write(greeting);
  joinSockets(socket, upstream);
}
