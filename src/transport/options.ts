import type { Socket } from 'node:net';
import type { ClientEnd } from '../core/ends';
import type { Tunnel, TunnelVerdict } from '../core/tunnel';
import type { Authority } from '../http/authority';
import type { HttpRequest } from '../http/request';
import type { ClientCertificate } from './client-certificates';
import type { GateOptions } from './gate';
import type { ListenAddress } from './own-listeners';
import type { Route } from './request-head';
import type { ProxyFor } from './upstream-proxy';

/** Where a limit stands between a slow peer and a hostile one. Times in milliseconds, sizes in bytes. */
export interface Limits {
  /** Header block of a request (431) or response (502). */
  headerBlock: number;
  /** Time for a request's header block to arrive (408). */
  headerTime: number;
  /** Time for a client's TLS handshake. */
  handshake: number;
  /** Time that a client inside a CONNECT tunnel may say nothing before its bytes count as no HTTP. */
  tunnelSilence: number;
  /** Time that a connection without an open flow is kept. */
  idle: number;
  /** Time for the next part of a request's body to arrive (408). */
  requestBody: number;
  /** Time until upstream must have sent the head of its response, or the next part of its body (504). */
  upstreamResponse: number;
  /** Time for TCP and TLS to upstream to stand (504). */
  upstreamConnect: number;
  /** Body kept in memory; a longer one goes to a file or is streamed. */
  heldBody: number;
  /** Message of a WebSocket, decompressed; a longer one closes it with 1009. */
  webSocketMessage: number;
  /** Time that a side of a WebSocket has to answer a close frame. */
  webSocketClose: number;
  /** Body that is decoded from its content coding; a longer one is recorded and sent as it is. */
  decodedBody: number;
  /** Requests of one HTTP/2 connection at a time. */
  streams: number;
  /** Time that a client of HTTP/2 may take nothing of a response that waits for it. */
  responseStall: number;
  /** What an HTTP/2 connection may bring beside requests and their content; half of it more with every second. */
  overhead: number;
  /** Streams of an HTTP/2 connection that may end with a reset; a tenth of it more with every second. */
  resets: number;
  /** Connections of clients at a time (503). */
  connections: number;
  /** Time that open flows have to finish when the proxy stops. */
  grace: number;
}

export const DEFAULT_LIMITS: Limits = {
  headerBlock: 64 * 1024,
  headerTime: 20_000,
  handshake: 10_000,
  tunnelSilence: 5_000,
  idle: 60_000,
  requestBody: 120_000,
  upstreamResponse: 120_000,
  upstreamConnect: 10_000,
  heldBody: 16 * 1024 * 1024,
  webSocketMessage: 64 * 1024 * 1024,
  webSocketClose: 10_000,
  decodedBody: 64 * 1024 * 1024,
  streams: 100,
  responseStall: 120_000,
  overhead: 1024 * 1024,
  resets: 800,
  connections: 10_000,
  grace: 5_000,
};

/** How upstream is reached. */
export interface UpstreamOptions {
  /** Accept any upstream certificate. */
  readonly insecure: boolean;
  /** PEM certificates to trust beside Node's own. */
  readonly ca?: string;
  /** What we show to servers that ask who we are; the first whose host fits. */
  readonly clientCertificates?: readonly ClientCertificate[];
  /** Speak HTTP/2 where the other side takes it; true unless told. */
  readonly http2?: boolean;
  /** The proxies that stand before origins; none unless told. */
  readonly proxyFor?: ProxyFor;
}

/** An address to listen on, and what who comes there finds. */
export interface ListenerOptions extends ListenAddress {
  /** A proxy of HTTP, one of SOCKS5, or a stand-in for an origin. */
  readonly mode: 'regular' | 'socks5' | Extract<Route, { kind: 'reverse' }>;
}

/** What the transport is told once. */
export interface TransportOptions extends GateOptions {
  readonly listeners: readonly [ListenerOptions, ...ListenerOptions[]];
  /** Serve peers of the local network. */
  readonly allowLan: boolean;
  /** Serve peers with global addresses, and those of the local network. */
  readonly allowPublic: boolean;
  /** Speak HTTP/2 with clients that want it. */
  readonly http2: boolean;
  /** Where our certificate authority lives. */
  readonly authorityFolder: string;
  readonly limits: Limits;
  readonly now: () => number;
}

/** Whom the transport tells. */
export interface TransportHandlers {
  /** A request's head has arrived and is well formed. Settles when the exchange is over, undefined when that was at once; never rejects. */
  exchange(request: HttpRequest, client: ClientEnd): Promise<void> | undefined;
  /** A CONNECT is asked for. */
  connect(tunnel: Tunnel): Promise<TunnelVerdict>;
  /** Inside an intercepted CONNECT the client speaks neither TLS nor HTTP, or waits for the server to speak. True: pass the bytes on. */
  opaque(tunnel: Tunnel): Promise<boolean>;
  /** Opens a connection for a tunnel, past all exchanges. Rejects with an UpstreamError. */
  dial(to: Authority, signal: AbortSignal): Promise<Socket>;
  /** The `--reverse` origin to suggest to a client that takes a regular proxy for a server. */
  originHint(): string | undefined;
  warn(line: string): void;
}

/** The client-facing side of the proxy. */
export interface Transport {
  /** Takes all addresses, or none; connections wait until `serve()`. Rejects with a ConfigError when one is taken or not ours. */
  listen(): Promise<void>;
  /** Starts to answer. */
  serve(): void;
  /** Stops accepting, lets open flows finish within the grace time, then cuts them. */
  close(): Promise<void>;
  /** Opens a port of its own for a session, or finds it; it is like the first listener. */
  openSession(session: string): Promise<ListenAddress>;
  /** Closes that port; what stands is served to its end. */
  closeSession(session: string): void;
  /** The first address taken. */
  readonly address: ListenAddress;
  /** All of them, with the ports taken. */
  readonly listeners: TransportOptions['listeners'];
}
