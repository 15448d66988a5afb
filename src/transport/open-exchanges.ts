import { setMaxListeners } from 'node:events';

/** The exchanges that are not over, of all connections. */
export class OpenExchanges {
  readonly #open = new Set<Promise<void>>();
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
  run(exchange: Promise<void>): Promise<void> {
    this.#open.add(exchange);
    return exchange.finally(() => this.#open.delete(exchange));
  }

  /** Settles when none is open, or after `limit` milliseconds. */
  async settled(limit: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const expired = new Promise<void>((resolve) => (timer = setTimeout(resolve, limit)));
    await Promise.race([Promise.allSettled(this.#open), expired]);
    clearTimeout(timer);
  }
}
