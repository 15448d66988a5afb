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

  /** Counts an exchange until it settles; `failed` hears of one that rejects. Undefined is one that is over. */
  run(exchange: Promise<void> | undefined, failed: (error: unknown) => void): void {
    if (!exchange) return;
    this.#open += 1;
    exchange.then(
      () => this.#ended(),
      (error: unknown) => {
        this.#ended();
        failed(error);
      },
    );
  }

  #ended(): void {
    this.#open -= 1;
    if (this.#open === 0) for (const told of this.#whenNone.splice(0)) told();
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
