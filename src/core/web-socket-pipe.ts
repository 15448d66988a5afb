import type { WebSocketClose, WebSocketEnd, WebSocketMessage } from './web-socket';

type Passing = Pick<WebSocketMessage, 'opcode' | 'data' | 'time'>;
type Goodbye = Pick<WebSocketClose, 'code' | 'reason'>;

/** A WebSocket without a network: what is sent at one end comes out at the other. */
export interface WebSocketPipe {
  readonly near: WebSocketEnd;
  readonly far: WebSocketEnd;
  /** Nobody reads at the far end any more: what still comes there is let go. */
  leaveFar(): void;
}

/** Makes a pipe; `now` gives the time of messages. */
export function webSocketPipe(now: () => number): WebSocketPipe {
  const there = new OneWay(now);
  const back = new OneWay(now);
  return { near: endOf(back, there), far: endOf(there, back), leaveFar: () => there.leave() };
}

function endOf(incoming: OneWay, outgoing: OneWay): WebSocketEnd {
  return {
    messages: incoming.read(),
    closed: incoming.closed,
    send: (message) => outgoing.send(message),
    close: (code, reason = '') => {
      outgoing.close({ code, reason });
      // A break is one for both directions.
      if (code === 1006) incoming.close({ code, reason });
    },
  };
}

class OneWay {
  readonly closed: Promise<Goodbye>;
  readonly #now: () => number;
  readonly #waiting: { message: Passing; taken: () => void }[] = [];
  #settle!: (goodbye: Goodbye) => void;
  #goodbye: Goodbye | undefined;
  #isLeft = false;
  #wake = (): void => {};

  constructor(now: () => number) {
    this.#now = now;
    this.closed = new Promise((resolve) => (this.#settle = resolve));
  }

  send({ opcode, data }: Pick<WebSocketMessage, 'opcode' | 'data'>): Promise<void> {
    if (this.#goodbye || this.#isLeft) return Promise.resolve();
    return new Promise((taken) => {
      this.#waiting.push({ message: { opcode, data, time: this.#now() }, taken });
      this.#wake();
    });
  }

  close(goodbye: Goodbye): void {
    this.#goodbye ??= goodbye;
    if (this.#isLeft) this.#settle(this.#goodbye);
    this.#wake();
  }

  leave(): void {
    this.#isLeft = true;
    for (const { taken } of this.#waiting.splice(0)) taken();
    if (this.#goodbye) this.#settle(this.#goodbye);
    this.#wake();
  }

  /** A message counts as taken when the next one is asked for. */
  async *read(): AsyncGenerator<Passing> {
    try {
      while (!this.#isLeft) {
        const next = this.#waiting.shift();
        if (next) {
          try {
            yield next.message;
          } finally {
            next.taken();
          }
        } else if (this.#goodbye) return;
        else await new Promise<void>((resolve) => (this.#wake = resolve));
      }
    } finally {
      this.leave();
    }
  }
}
