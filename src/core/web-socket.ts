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
