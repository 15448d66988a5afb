import {
  type BodySpool,
  type RecordedWebSocketClose,
  type RecordedWebSocketMessage,
  type WebSocketMessage,
} from 'replay-proxy';
import type { TakeOptions } from './take';

/** Bytes of one WebSocket that are recorded at most: an entry of a recording is written and read as a whole. */
const LONGEST = 128 * 1024 * 1024;
/** Bytes that a message counts for beside its own: empty ones fill a recording, too. */
const AROUND = 64;

type Taken = Omit<RecordedWebSocketMessage, 'data'> & { readonly at: number; readonly length: number };

/** The messages of one WebSocket while it is being recorded, as their senders sent them. */
export class TakenMessages {
  /** How it ended; undefined while it has not, and where neither side has ended it. */
  close: RecordedWebSocketClose | undefined;
  /** Not all of them are kept. */
  isCut = false;
  readonly #spool: BodySpool;
  readonly #longest: number;
  readonly #taken: Taken[] = [];

  /** No bytes are kept past `longest`. */
  constructor({ spool, longest }: Pick<TakeOptions, 'spool' | 'longest'>) {
    this.#spool = spool();
    this.#longest = Math.min(longest, LONGEST);
  }

  /** Takes the next message; false once they have become too much. */
  add({ from, opcode, data, time, injected }: WebSocketMessage): boolean {
    const around = (this.#taken.length + 1) * AROUND;
    if (this.isCut || this.#spool.size + data.length + around > this.#longest) {
      this.isCut = true;
      return false;
    }
    this.#taken.push({
      ...{ from, opcode, time, at: this.#spool.size, length: data.length },
      ...(injected && { injected: true }),
    });
    this.#spool.write(data);
    return true;
  }

  /** The last message from that side goes no further. */
  drop(from: WebSocketMessage['from']): void {
    const at = this.#taken.findLastIndex((message) => message.from === from);
    if (at >= 0 && !this.isCut) this.#taken[at] = { ...this.#taken[at]!, dropped: true };
  }

  /** The messages so far. */
  messages(): RecordedWebSocketMessage[] {
    const bytes = this.#spool.body().bytesSync();
    return this.#taken.map(({ at, length, ...message }) => ({
      ...message,
      data: bytes.subarray(at, at + length),
    }));
  }

  /** Lets go of what was put aside. */
  discard(): void {
    this.#spool.discard();
  }
}
