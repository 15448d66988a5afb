import type { UpstreamConnection } from './upstream-connection';

/** The open connections to upstream, and which of them are free, by origin. */
export class UpstreamPool {
  readonly #open = new Map<UpstreamConnection, string | undefined>();
  readonly #free = new Map<string, UpstreamConnection[]>();

  /** Takes in a new connection, which is in use; without an origin nobody else is to use it. */
  add(connection: UpstreamConnection, origin: string | undefined): void {
    this.#open.set(connection, origin);
  }

  /** A free connection to the origin, in use from now on: the one that was used last, since it is the least likely to be stale. */
  take(origin: string): UpstreamConnection | undefined {
    const free = this.#free.get(origin) ?? [];
    let connection = free.pop();
    while (connection !== undefined && !connection.isOpen) connection = free.pop();
    return connection;
  }

  /** Gives a connection back. */
  free(connection: UpstreamConnection): void {
    if (!this.#open.has(connection)) return;
    const origin = this.#open.get(connection);
    if (origin === undefined) return void connection.close();
    const free = this.#free.get(origin);
    if (free === undefined) this.#free.set(origin, [connection]);
    else free.push(connection);
  }

  /** Forgets a connection that is closed. */
  gone(connection: UpstreamConnection): void {
    const origin = this.#open.get(connection) ?? '';
    this.#open.delete(connection);
    const free = (this.#free.get(origin) ?? []).filter((other) => other !== connection);
    if (free.length > 0) this.#free.set(origin, free);
    else this.#free.delete(origin);
  }

  /** Closes every connection, in use or free. */
  async close(): Promise<void> {
    await Promise.all([...this.#open.keys()].map((connection) => connection.close()));
  }
}
