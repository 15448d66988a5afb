/** One message of a WebSocket (RFC 6455 §5.6), its fragments joined. A value: hooks return changed copies of it. */
export interface WebSocketMessage {
  readonly from: 'client' | 'server';
  /** 1 text, 2 binary (RFC 6455 §5.2). */
  readonly opcode: 1 | 2;
  readonly data: Buffer;
  /** Epoch milliseconds when all of it had arrived. */
  readonly time: number;
  /** An addon made it up. */
  readonly injected?: boolean;
  /** It goes no further. */
  readonly dropped?: boolean;
}

/** How a WebSocket ended (RFC 6455 §7.1.5). */
export interface WebSocketClose {
  readonly from: 'client' | 'server' | 'proxy';
  /** 1005 when none was given, 1006 when the connection broke. */
  readonly code: number;
  readonly reason: string;
  /** Epoch milliseconds. */
  readonly time: number;
}

/** The far end of a WebSocket, as whoever talks to it sees it. */
export interface WebSocketEnd {
  /** What it sends, in order, until it closes; read slowly, it is slowed down. Iterate once. */
  readonly messages: AsyncIterable<Pick<WebSocketMessage, 'opcode' | 'data' | 'time'>>;
  /** How it ended; settles after the last message was read, and never rejects. */
  readonly closed: Promise<Pick<WebSocketClose, 'code' | 'reason'>>;
  /** Sends one message. Resolves when it can take the next; once it is closed, messages are lost without an error. */
  send(message: Pick<WebSocketMessage, 'opcode' | 'data'>): Promise<void>;
  /** Says goodbye: 1005 sends a close frame without a code, 1006 breaks the connection. */
  close(code: number, reason?: string): void;
}

/** What keeps a WebSocket alive (RFC 6455 §5.5.2). */
export type WebSocketControl = 'ping' | 'pong';

/** The far end of a WebSocket as a transport offers it: with its pings and pongs. */
export interface WebSocketPeer extends WebSocketEnd {
  /** From now on pings and pongs go to `other` as they come. Until then pings are answered, and pongs are let go. */
  relayControls(other: WebSocketPeer): void;
  /** Sends a ping or a pong; one for a peer that does not read is lost. */
  control(kind: WebSocketControl, data: Buffer): void;
}

/** A flow's WebSocket, for addons that have something to say on it. */
export interface FlowWebSocket {
  /** Messages that went through the hooks so far. */
  readonly messageCount: number;
  /**
   * Sends a message of the addon's own, after those that are on their way to that side; hooks see it as `injected`. Before both sides
   * stand it waits, after the end it is lost without an error.
   */
  send(to: 'client' | 'server', data: string | Buffer): void;
  /**
   * Ends it for both sides, after what is on its way.
   * @throws RangeError for a code that no close frame may carry (RFC 6455 §7.4).
   */
  close(code?: number, reason?: string): void;
}

/** True for what the `webSocketMessage` hook passes on. */
export function isWebSocketMessage(value: unknown): value is WebSocketMessage {
  const { from, opcode, data } = (value ?? {}) as Partial<WebSocketMessage>;
  return (from === 'client' || from === 'server') && (opcode === 1 || opcode === 2) && Buffer.isBuffer(data);
}
