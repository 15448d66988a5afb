import type { Socket } from 'node:net';
import type { Tunnel } from '../core/tunnel';
import type { HttpResponse } from '../http/response';
import { listenFor } from './first-bytes';
import type { FrontDoor } from './front-door';
import type { Limits, TransportHandlers } from './options';
import { joinSockets, openTunnel } from './raw-tunnel';

/** Whoever asked for a tunnel, in the protocol that it asked in. */
export interface TunnelAsker {
  /** What tells it that the tunnel stands, one character a byte. */
  readonly established: string;
  /** Tells it why there is none, and ends the connection. */
  refuse(error: unknown): void;
  /** Ends the connection, for an addon kills it. */
  kill(): void;
  /** Tells it what an addon answers instead of a tunnel, and ends the connection. */
  respond(response: HttpResponse): Promise<void>;
}

/** What tunnels are carried by. */
export interface TunnelOptions {
  readonly limits: Limits;
  readonly handlers: Pick<TransportHandlers, 'connect' | 'opaque' | 'dial'>;
  readonly door: Pick<FrontDoor, 'serve'>;
  /** Takes note of a socket, to close it with the listener. */
  readonly track: (socket: Socket) => void;
}

/** Asks what is to happen with a tunnel whose target and client are known, and does it. Never rejects. */
export async function carryTunnel(
  socket: Socket,
  tunnel: Tunnel,
  asker: TunnelAsker,
  options: TunnelOptions,
): Promise<void> {
  try {
    const verdict = await options.handlers.connect(tunnel);
    if (socket.destroyed) return;
    if (verdict === 'tunnel') await passOn(socket, tunnel, options, asker.established);
    else if (verdict === 'intercept') {
      socket.write(asker.established, 'latin1');
      await intercept(socket, tunnel, options);
    } else if (verdict.kind === 'kill') asker.kill();
    else await asker.respond(verdict.response);
  } catch (error) {
    asker.refuse(error);
  }
}

async function intercept(socket: Socket, tunnel: Tunnel, options: TunnelOptions): Promise<void> {
  const { limits, handlers, door } = options;
  const speech = await listenFor(socket, limits.tunnelSilence);
  if (speech === undefined || socket.destroyed) socket.destroy();
  else if (speech === 'other' || speech === 'silence') {
    const passes = await handlers.opaque(tunnel).catch(() => false);
    if (!passes || socket.destroyed) socket.destroy();
    else await passOn(socket, tunnel, options, '').catch(() => socket.destroy());
  } else {
    const { host, port, session } = tunnel;
    const scheme = speech === 'tls' ? 'https' : 'http';
    door.serve(speech, socket, { route: { kind: 'tunnel', origin: { scheme, host, port } }, session });
  }
}

async function passOn(
  socket: Socket,
  tunnel: Tunnel,
  { handlers, track }: TunnelOptions,
  greeting: string,
): Promise<void> {
  const upstream = await openTunnel(socket, (signal) => handlers.dial(tunnel, signal));
  if (socket.destroyed) {
    upstream.destroy();
    return;
  }
  track(upstream);
  if (greeting) socket.write(greeting, 'latin1');
  joinSockets(socket, upstream);
}
