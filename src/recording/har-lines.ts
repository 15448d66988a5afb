import { reasonOf } from '../errors';
import { changed, type StoredEntry } from './har-message';
import type { HarLoad } from './har-load';
import type { HarHead } from './har-layout';
import { isObject, type JsonObject } from './json-value';
import { LineWindow, type Line } from './line-window';
import type { LoadProgress } from './recording';
import type { RecordingFile } from './recording-file';

/** After how many bytes the event loop gets its turn. */
const TURN = 1024 * 1024;

/** How the entries ended: with the closing brackets, without them, or with a line that no HAR of one entry a line has. */
export type LinesEnd = 'closed' | 'cut off' | 'other layout';

/**
 * Reads the entries of a HAR that has one a line, keeping heads and offsets. Unless `tolerant`, the first line that is no JSON ends it,
 * since then the layout may only look like ours.
 */
export async function loadLines(
  file: RecordingFile,
  head: HarHead,
  load: HarLoad,
  options: { tolerant: boolean; onProgress?: LoadProgress | undefined },
): Promise<LinesEnd> {
  const again = new EntryCache(file);
  const lines = new LineWindow(file, head.end);
  lines.next();
  let turn = TURN;
  for (let line = lines.next(), number = 2; line !== undefined; line = lines.next(), number++) {
    const source = line.text.trim().replace(/,$/, '');
    if (source === ']}}') return options.tolerant || !lines.next()?.text.trim() ? 'closed' : 'other layout';
    if (source !== '') {
      const { offset, length } = line;
      const entry = parse(source);
      if (entry instanceof SyntaxError) {
        // What ends like an object may be the last entry with the closing brackets behind it.
        if (isTorn(line, file.size) && (options.tolerant || !source.endsWith('}')))
          load.dropTorn(number, length);
        else if (!options.tolerant) return 'other layout';
        else load.skip(number, `no JSON: ${reasonOf(entry)}`);
      } else load.add(entry, number, new EntryPlace(again, offset, length));
    }
    if (lines.offset >= turn) {
      turn = lines.offset + TURN;
      options.onProgress?.(lines.offset, file.size);
      await new Promise(setImmediate);
    }
  }
  return 'cut off';
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

/** Where an entry is. */
class EntryPlace implements StoredEntry {
  constructor(
    private readonly entries: EntryCache,
    private readonly offset: number,
    private readonly length: number,
  ) {}

  read(): JsonObject {
    return this.entries.load(this.offset, this.length);
  }
}

/** Reads entries again by their place in the file. Keeps the last one, since request and response are asked for in turn. */
class EntryCache {
  readonly #file: RecordingFile;
  #offset = -1;
  #entry: JsonObject = {};

  constructor(file: RecordingFile) {
    this.#file = file;
  }

  load(offset: number, length: number): JsonObject {
    if (this.#offset === offset) return this.#entry;
    const entry = parse(this.#file.read(offset, length).toString('utf8').trim().replace(/,$/, ''));
    if (!isObject(entry)) throw changed(this.#file.path);
    this.#offset = offset;
    this.#entry = entry;
    return entry;
  }
}
