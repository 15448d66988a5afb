import type { WebSocketMessage } from '../core/web-socket';

/** A message as it has come. */
export type ArrivedMessage = Pick<WebSocketMessage, 'opcode' | 'data' | 'time'>;

/** Bytes that wait to be taken, or to be sent, before the side that they come from is slowed down. */
export const FULL = 256 * 1024;
/** Bytes that a message takes beside what it says: empty ones have their price, too. */
const FRAME = 64;

/** Bytes that a message takes while it waits. */
export function sizeOf({ data }: Pick<WebSocketMessage, 'data'>): number {
  return data.length + FRAME;
}

/** The messages of a WebSocket that have come and were not taken yet. */
export class MessageInbox {
  readonly #waiting: ArrivedMessage[] = [];
  #size = 0;
  #isOver = false;
  #wakeReader = (): void => {};
  #wakeSource = (): void => {};

  push(message: ArrivedMessage): void {
    this.#waiting.push(message);
    this.#size += sizeOf(message);
    this.#wakeReader();
  }

  /** No more of them come. */
  end(): void {
    this.#isOver = true;
    this.#wakeReader();
    this.#wakeSource();
  }

  /** Resolves when more may come, or no more do. */
  async room(): Promise<void> {
    while (this.#size >= FULL && !this.#isOver)
      await new Promise<void>((resolve) => (this.#wakeSource = resolve));
  }

  /** Takes them, one after the other, to the end; for one reader. */
  async *take(): AsyncGenerator<ArrivedMessage> {
    for (;;) {
      const message = this.#waiting.shift();
      if (message) {
        this.#size -= sizeOf(message);
        this.#wakeSource();
        yield message;
      } else if (this.#isOver) return;
      else await new Promise<void>((resolve) => (this.#wakeReader = resolve));
    }
  }
}
