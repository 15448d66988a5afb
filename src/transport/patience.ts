/** A wait that begins over and over and hardly ever lasts: its timer is made once, and only set back. It keeps no process alive. */
export class Patience {
  readonly #passed: () => void;
  #timer: NodeJS.Timeout | undefined;
  #limit = 0;
  #isWaiting = false;

  constructor(passed: () => void) {
    this.#passed = passed;
  }

  /** Begins to wait, anew if it does; 0 milliseconds are for as long as it takes. */
  begin(milliseconds: number): void {
    this.#isWaiting = milliseconds > 0;
    if (!this.#isWaiting) return;
    if (this.#timer && milliseconds === this.#limit) return void this.#timer.refresh();
    clearTimeout(this.#timer);
    this.#limit = milliseconds;
    this.#timer = setTimeout(() => {
      if (!this.#isWaiting) return;
      this.#isWaiting = false;
      this.#passed();
    }, milliseconds).unref();
  }

  /** Begins anew if it waits. */
  extend(): void {
    if (this.#isWaiting) this.#timer?.refresh();
  }

  /** What was waited for has come. */
  end(): void {
    this.#isWaiting = false;
  }

  /** Nothing is waited for any more. */
  close(): void {
    this.end();
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
