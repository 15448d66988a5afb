import { readSync } from 'node:fs';
import { RecordingError, reasonOf } from '../errors';
import { changed } from './har-message';
import type { HarLoad } from './har-load';
import type { HarHead } from './har-layout';
import { isObject, type JsonObject } from './json-value';
import { LineWindow, type Line } from './line-window';
import type { LoadProgress } from './recording';

/** After how many bytes the event loop gets its turn. */
const TURN = 1024 * 1024;

/**
 * Reads the entries of a HAR that has one a line, keeping heads and offsets. False when a line is no JSON although more
 * follow: then the layout may only look like ours.
 */
export async function loadLines(
  fd: number,
  head: HarHead,
  size: number,
  load: HarLoad,
  options: { tolerant: boolean; onProgress?: LoadProgress | undefined },
): Promise<boolean> {
  const again = new EntryCache(fd, load.source);
  const lines = new LineWindow(fd, head.end);
  lines.next();
  let turn = TURN;
  for (let line = lines.next(), number = 2; line !== undefined; line = lines.next(), number++) {
    const source = line.text.trim().replace(/,$/, '');
    if (source === ']}}') return lines.next()?.text.trim() ? options.tolerant : true;
    if (source !== '') {
      const { offset, length } = line;
      const entry = parse(source);
      if (entry instanceof SyntaxError) {
        if (isTorn(line, size)) load.dropTorn(number, length);
        else if (!options.tolerant) return false;
        else load.skip(number, `no JSON: ${reasonOf(entry)}`);
      } else load.add(entry, number, () => again.load(offset, length));
    }
    if (lines.offset >= turn) {
      turn = lines.offset + TURN;
      options.onProgress?.(lines.offset, size);
      await new Promise(setImmediate);
    }
  }
  return true;
}

/** A line that the file ends in is what a killed writer left. */
function isTorn(line: Line, size: number): boolean {
  return !line.ended && line.offset + line.length >= size;
}

function parse(source: string): unknown {
  try {
    return JSON.parse(source);
  } catch (error) {
    return error as SyntaxError;
  }
}

/** Reads entries again by their place in the file. Keeps the last one, since request and response are asked for in turn. */
class EntryCache {
  readonly #fd: number;
  readonly #source: string;
  #offset = -1;
  #entry: JsonObject = {};

  constructor(fd: number, source: string) {
    this.#fd = fd;
    this.#source = source;
  }

  load(offset: number, length: number): JsonObject {
    if (this.#offset === offset) return this.#entry;
    const buffer = Buffer.allocUnsafe(length);
    try {
      if (readSync(this.#fd, buffer, 0, length, offset) < length) throw changed(this.#source);
    } catch (error) {
      if (error instanceof RecordingError) throw error;
      throw new RecordingError(`recording ${this.#source} cannot be read any more (${reasonOf(error)})`, {
        cause: error,
      });
    }
    const entry = parse(buffer.toString('utf8').trim().replace(/,$/, ''));
    if (!isObject(entry)) throw changed(this.#source);
    this.#offset = offset;
    this.#entry = entry;
    return entry;
  }
}
