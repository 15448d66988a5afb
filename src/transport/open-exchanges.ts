import { setMaxListeners } from 'node:events';

/** The exchanges that are not over, of all connections. */
export class OpenExchanges {
  #open = 0;
  #whenNone: (() => void)[] = [];
  readonly #stopping = new AbortController();

  constructor() {
    // Every WebSocket listens to it.
    setMaxListeners(0, this.#stopping.signal);
  }

  /** Aborts when no further exchange may begin. */
  get stopping(): AbortSignal {
    return this.#stopping.signal;
  }

  stop(): void {
    this.#stopping.abort();
  }

  /** Counts an exchange until it settles. */
  async run(exchange: Promise<void>): Promise<void> {
    this.#open += 1;
    try {
      await exchange;
    } finally {
      this.#open -= 1;
      if (this.#open === 0) for (const told of this.#whenNone.splice(0)) told();
    }
  }

  /** Settles when none is open, or after `limit` milliseconds. */
  async settled(limit: number): Promise<void> {
    if (this.#open === 0) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, limit);
      this.#whenNone.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }
}
