const MOST = 50;

/** What a reader has to say about a recording, a line each; when there is too much of it, the number of the rest. */
export class Warnings {
  readonly #lines: string[] = [];
  #more = 0;

  add(line: string): void {
    if (this.#lines.length < MOST) this.#lines.push(line);
    else this.#more++;
  }

  /** All lines; `source` is named in the last one when some were left out. */
  list(source: string): string[] {
    return this.#more === 0
      ? this.#lines
      : [...this.#lines, `recording ${source}: ${this.#more} more such lines left out`];
  }
}
