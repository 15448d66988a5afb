import type { BodyChunks } from '../http/chunks';
import type { HttpRequest } from '../http/request';
import type { HttpResponse } from '../http/response';

/** One message of a recorded WebSocket, as HAR's `_webSocketMessages` has it. */
export interface RecordedWebSocketMessage {
  readonly from: 'client' | 'server';
  /** Epoch milliseconds. */
  readonly time: number;
  /** 1 text, 2 binary (RFC 6455 §5.2). */
  readonly opcode: number;
  readonly data: Buffer;
  /** An addon made it up: whom it says it is from has never sent it. */
  readonly injected?: boolean;
  /** It never arrived. */
  readonly dropped?: boolean;
}

/** The end of a recorded WebSocket, and who said it. */
export interface RecordedWebSocketClose {
  readonly from: 'client' | 'server';
  readonly code: number;
  readonly reason: string;
  /** Epoch milliseconds; undefined when the recording does not say. */
  readonly time?: number;
}

/**
 * One exchange of a saved conversation. Frozen: what is replayed is a clone. Bodies stay in the recording's file and are read
 * when they are asked for.
 */
export interface RecordedFlow {
  /** The file that it came from, as the user named it. */
  readonly source: string;
  /** Place in that file, from 1. */
  readonly number: number;
  readonly request: HttpRequest;
  /** Undefined when none came: refused, killed, or cut off before its head. */
  readonly response?: HttpResponse;
  /** Why no response came, or why it broke off. */
  readonly error?: string;
  /** Bodies that passed while recording without being kept. */
  readonly unstored?: { readonly request?: boolean; readonly response?: boolean };
  /** The response broke off before its end. */
  readonly incomplete?: boolean;
  /** It was a stream without end, as of events, and broke off because the client left or the proxy stopped: what there is can be replayed. */
  readonly left?: boolean;
  /** How the bytes of the response's body came, if it was streamed. */
  readonly chunks?: BodyChunks;
  /** The messages of a WebSocket; present, if empty, on its handshake. */
  readonly webSocket?: readonly RecordedWebSocketMessage[];
  /** How that WebSocket ended (RFC 6455 §7.1.5): 1005 when no code was given, 1006 when it broke; undefined when that is not known. */
  readonly webSocketClose?: RecordedWebSocketClose;
  /** Facets that were taken out when recording and do not count when matching. */
  readonly redacted?: readonly string[];
  /** The session that recorded it. */
  readonly session?: string;
}
