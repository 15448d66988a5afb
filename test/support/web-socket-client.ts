import type { RecordedFlow, RecordedWebSocketMessage, WebSocketEnd } from 'replay-proxy';
import { entry, requestOf } from './replay';

type Said = Pick<RecordedWebSocketMessage, 'opcode' | 'data'>;

/** A WebSocket's client without a network: what it says, what it hears, and how it was taken leave of. */
export class MemoryClient implements WebSocketEnd {
  readonly heard: Said[] = [];
  /** How the server said goodbye. */
  goodbye: { readonly code: number; readonly reason: string } | undefined;
  readonly closed: Promise<{ code: number; reason: string }>;
  readonly #waiting: Said[] = [];
  #settle!: (goodbye: { code: number; reason: string }) => void;
  #isOver = false;
  #wake = (): void => {};

  /** `hears` is called after each message, and at the server's goodbye. */
  constructor(private readonly hears: (client: MemoryClient) => void = () => {}) {
    this.closed = new Promise((resolve) => (this.#settle = resolve));
  }

  get messages(): WebSocketEnd['messages'] {
    return this.#take();
  }

  say(data: string | Buffer, opcode = typeof data === 'string' ? 1 : 2): void {
    this.#waiting.push({ opcode, data: Buffer.from(data as string) });
    this.#wake();
  }

  /** Says goodbye. */
  leave(code = 1000, reason = ''): void {
    this.#isOver = true;
    this.#settle({ code, reason });
    this.#wake();
  }

  async send(message: Said): Promise<void> {
    if (this.goodbye) return;
    this.heard.push(message);
    this.hears(this);
  }

  close(code: number, reason = ''): void {
    this.goodbye ??= { code, reason };
    this.leave(code, reason);
    this.hears(this);
  }

  /** What it has heard, as text. */
  get texts(): string[] {
    return this.heard.map(({ data }) => data.toString());
  }

  async *#take(): AsyncGenerator<{ opcode: 1 | 2; data: Buffer; time: number }> {
    for (;;) {
      const next = this.#waiting.shift();
      if (next) yield { opcode: next.opcode === 2 ? 2 : 1, data: next.data, time: 0 };
      else if (this.#isOver) return;
      else await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }
}

/** The headers of a handshake (RFC 6455 §4.1). */
export const HANDSHAKE = {
  upgrade: 'websocket',
  connection: 'Upgrade',
  'sec-websocket-version': '13',
  'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
};

/** `> text` is said by the client, `< text` by the server, 10 ms apart; the handshake was answered at 1000. */
export function messagesOf(...lines: string[]): RecordedWebSocketMessage[] {
  return lines.map((line, i) => ({
    from: line.startsWith('>') ? 'client' : 'server',
    time: 1010 + 10 * i,
    opcode: 1,
    data: Buffer.from(line.slice(2)),
  }));
}

/** A recorded WebSocket. */
export function webSocketEntry(
  webSocket: readonly RecordedWebSocketMessage[],
  rest: Partial<RecordedFlow> = {},
  url = 'http://shop.example/chat',
): RecordedFlow {
  return entry(requestOf(url, HANDSHAKE), '', {
    answer: { status: 101, startedAt: 1000, headers: { upgrade: 'websocket', connection: 'Upgrade' } },
    webSocket,
    ...rest,
  });
}
