import type { Http2Session } from './upstream-http2-session';

/** The open HTTP/2 connections to upstream, by origin. */
export class Http2Sessions {
  readonly #open = new Map<string, Set<Http2Session>>();

  /** Takes in a new connection, until it is closed. */
  add(origin: string, session: Http2Session): void {
    const sessions = this.#open.get(origin) ?? new Set();
    this.#open.set(origin, sessions.add(session));
    session.onGone(() => {
      sessions.delete(session);
      if (sessions.size === 0 && this.#open.get(origin) === sessions) this.#open.delete(origin);
    });
  }

  /** A connection to the origin that has room, a place on it taken; undefined when there is none. */
  take(origin: string): Http2Session | undefined {
    for (const session of this.#open.get(origin) ?? []) {
      if (!session.hasRoom) continue;
      session.book();
      return session;
    }
    return undefined;
  }

  /** Closes every connection at once. */
  async close(): Promise<void> {
    const all = [...this.#open.values()].flatMap((sessions) => [...sessions]);
    await Promise.all(all.map((session) => session.close()));
  }
}
