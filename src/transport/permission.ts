import type { EventEmitter } from 'node:events';

/** Milliseconds after which content is sent without having been asked for, as a server may not know of `Expect` (RFC 9110 §10.1.1). */
const PATIENCE = 1000;

/** What a request that expects 100 waits for before its content is sent. */
export class Permission {
  #settle: () => void = () => {};
  readonly #given = new Promise<void>((resolve) => (this.#settle = resolve));
  #timer: NodeJS.Timeout | undefined;
  #isRefused = false;

  /** The server asks for the content. */
  give(): void {
    if (!this.#isRefused) this.#settle();
  }

  /** The server has answered without it. */
  refuse(): void {
    this.#isRefused = true;
    clearTimeout(this.#timer);
  }

  /** Resolves with true when it was given, or for long neither given nor refused; with false when `carrier` has closed without. */
  async given(carrier: EventEmitter): Promise<boolean> {
    if (!this.#isRefused) this.#timer = setTimeout(() => this.give(), PATIENCE);
    return new Promise((resolve) => {
      const end = (isGiven: boolean) => {
        clearTimeout(this.#timer);
        carrier.off('close', close);
        resolve(isGiven);
      };
      const close = () => end(false);
      carrier.once('close', close);
      void this.#given.then(() => end(true));
    });
  }
}
