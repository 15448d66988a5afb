import { LruMap } from './lru-map';

/** What a connection to upstream speaks, by its ALPN name. */
export type Protocol = 'h2' | 'http/1.1';

/** Origins remembered, and milliseconds for which they are. */
const MOST = 1000;
const TIME = 60_000;

/** Remembers for a while which protocol an origin was found to speak. */
export class SpokenProtocols {
  readonly #found = new LruMap<string, { readonly protocol: Protocol; readonly until: number }>(MOST);
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Undefined when it is not known, or was found out too long ago. */
  of(origin: string): Protocol | undefined {
    const found = this.#found.get(origin);
    return found && found.until > this.#now() ? found.protocol : undefined;
  }

  found(origin: string, protocol: Protocol): void {
    this.#found.set(origin, { protocol, until: this.#now() + TIME });
  }
}
