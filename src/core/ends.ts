import type { HttpHeaders } from '../http/headers';
import type { HttpRequest } from '../http/request';
import type { HttpResponse } from '../http/response';
import type { ClientInfo } from './flow';
import type { WebSocketPeer } from './web-socket';

/** An interim response (RFC 9110 §15.2), 100 left out. */
export interface InterimResponse {
  readonly status: number;
  readonly headers: HttpHeaders;
}

/** One side of a connection that has changed to a protocol which is passed on unread. */
export interface RawEnd {
  /** Passes bytes both ways until both sides have ended or one has broken off. */
  join(other: RawEnd): Promise<void>;
  /** Ends the connection at once. */
  close(): void;
}

/** Upstream after it has changed the protocol (RFC 9110 §7.8). */
export type Switched =
  | { readonly kind: 'web-socket'; readonly peer: WebSocketPeer }
  | { readonly kind: 'raw'; readonly end: RawEnd };

/** How a client is told that the protocol changes. Each sends the 101, calls `onHead` when it goes out, and gives the client's side. */
export interface ProtocolSwitch {
  /** What the handshake needs is added to the response (RFC 6455 §4.2.2). Rejects when the client did not ask for a WebSocket. */
  toWebSocket(response: HttpResponse, onHead: () => void): Promise<WebSocketPeer>;
  toRaw(response: HttpResponse, onHead: () => void): Promise<RawEnd>;
  /** Aborts when the proxy stops: time to say goodbye. */
  readonly stopping: AbortSignal;
}

/** The client's end of an exchange, as the transport offers it to the core. */
export interface ClientEnd {
  readonly info: ClientInfo;
  /** Aborts when the client has gone. Made when it is asked for: most exchanges are over before anyone does. */
  readonly signal: AbortSignal;
  /** Whether the client has gone. */
  readonly isGone: boolean;
  /** The client's session; empty for the default one. */
  readonly session: string;
  /** There where the client asks for another protocol (RFC 9110 §7.8). */
  readonly switching?: ProtocolSwitch;
  /**
   * Reads the request's body to its end, into memory or, past the limit, a file. Answers `Expect: 100-continue` first.
   * Rejects when the client breaks off. Sets `body`, `trailers` and `endedAt` of the request.
   */
  readBody(): Promise<void>;
  /** Sends an interim response on. */
  inform(interim: InterimResponse): void;
  /**
   * Sends the response. `onHead` is called when its head goes out; `beforeEnd`, if given, holds back the last bytes (of a
   * response without a body: the head). Resolves at the end, undefined when that was at once; rejects, or throws, when the body breaks off
   * or the client has gone.
   */
  deliver(
    response: HttpResponse,
    onHead: () => void,
    beforeEnd: (() => Promise<void>) | undefined,
  ): Promise<void> | undefined;
  /** Ends without a byte of this response, or in the middle of one. Earlier responses on the connection are finished. */
  kill(): void;
  /** Frees what `readBody` had to put aside. */
  discard(): void;
}

/**
 * Contacts upstream: the response with a streamed body, its head only. Rejects with an UpstreamError. A 101 comes only to who has asked
 * for another protocol with `switched`.
 */
export type Send = (
  request: HttpRequest,
  options: {
    signal: AbortSignal;
    inform: (interim: InterimResponse) => void;
    /** Called before the request, or a connection for it, leaves. */
    contact: () => void;
    /** The client can change the protocol, and so may upstream; called before the 101 is given. */
    switched?: (upstream: Switched) => void;
  },
) => Promise<HttpResponse>;
