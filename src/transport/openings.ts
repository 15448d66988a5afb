/** What is being opened and does not stand yet, to be given up with the client that it is for, or all at once. */
export class Openings {
  readonly #open = new Set<AbortController>();
  #isClosed = false;

  /** Opens something; the signal that `open` is to heed aborts with `signal`, and when all is closed. */
  async run<T>(signal: AbortSignal, open: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const opening = new AbortController();
    const abort = () => opening.abort();
    this.#open.add(opening);
    signal.addEventListener('abort', abort, { once: true });
    if (signal.aborted || this.#isClosed) abort();
    try {
      return await open(opening.signal);
    } finally {
      signal.removeEventListener('abort', abort);
      this.#open.delete(opening);
    }
  }

  /** Gives all of it up, and what would be opened from now on. */
  close(): void {
    this.#isClosed = true;
    for (const opening of this.#open) opening.abort();
  }
}
