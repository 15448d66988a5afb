import { readSync } from 'node:fs';

/** A file that can be read anywhere; `RecordingFile` is one. */
export interface Fillable {
  /** Fills `target` from `offset` on as far as it goes, and returns how many bytes that were. */
  fill(target: Buffer, offset: number): number;
}

/** An open file as one that can be read anywhere. */
export function fillable(fd: number): Fillable {
  return { fill: (target, offset) => readSync(fd, target, 0, target.length, offset) };
}

/** One line of a file, without its line break. */
export interface Line {
  /** Where it begins, in bytes. */
  readonly offset: number;
  /** Bytes. */
  readonly length: number;
  readonly text: string;
  /** A line break follows. */
  readonly ended: boolean;
}

const WINDOW = 256 * 1024;

/** Reads a file line by line through a window that grows only to hold the longest line. */
export class LineWindow {
  readonly #file: Fillable;
  #buffer = Buffer.allocUnsafe(WINDOW);
  #start = 0;
  #end = 0;
  #offset: number;

  constructor(file: Fillable, offset = 0) {
    this.#file = file;
    this.#offset = offset;
  }

  /** Bytes consumed so far, from the start of the file. */
  get offset(): number {
    return this.#offset;
  }

  /** The next line; undefined at the end of the file. */
  next(): Line | undefined {
    let seen = this.#start;
    for (;;) {
      const newline = this.#buffer.indexOf(10, seen);
      if (newline >= 0 && newline < this.#end) return this.#take(newline, true);
      seen = this.#end - this.#start;
      if (!this.#fill()) return this.#end > this.#start ? this.#take(this.#end, false) : undefined;
    }
  }

  #take(end: number, ended: boolean): Line {
    const length = end - this.#start;
    const line = {
      offset: this.#offset,
      length,
      text: this.#buffer.toString('utf8', this.#start, end),
      ended,
    };
    this.#start = end + (ended ? 1 : 0);
    this.#offset += length + (ended ? 1 : 0);
    return line;
  }

  /** Moves what is left to the front and reads on behind it; false at the end of the file. */
  #fill(): boolean {
    const left = this.#end - this.#start;
    const target =
      left > this.#buffer.length / 2 ? Buffer.allocUnsafe(this.#buffer.length * 2) : this.#buffer;
    this.#buffer.copy(target, 0, this.#start, this.#end);
    this.#buffer = target;
    this.#start = 0;
    this.#end = left;
    const read = this.#file.fill(target.subarray(left), this.#offset + left);
    this.#end += read;
    return read > 0;
  }
}
