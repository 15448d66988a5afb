import { setImmediate } from 'node:timers/promises';
import { RecordingError } from '../errors';
import type { LoadProgress } from './recording';
import type { RecordingFile } from './recording-file';
import { readTnetLength, TnetCursor, type TnetSpan } from './tnetstring-cursor';
import { TnetTag } from './tnetstring';

/** One record of a dump. Its bytes are valid only until the next one. */
export interface DumpRecord {
  /** Place among the records, from 1. */
  readonly number: number;
  readonly bytes: Buffer;
  /** Where in the file `bytes` begins. */
  readonly base: number;
  /** Walks the keys and values of the record. */
  readonly cursor: TnetCursor;
}

/** How the walk over a dump ended. */
export interface DumpEnd {
  /** Where the last whole record ends: the file's size, unless something follows that is none. */
  readonly offset: number;
  /** True when what follows is the beginning of a record; false when it is something else, or nothing. */
  readonly cutOff: boolean;
}

// The longest length prefix, and the first key of a record behind it.
const HEAD = 64;
const WINDOW = 256 * 1024;
const SMALL_WINDOW = 4096;

/**
 * Hands every record of a dump to `take`, in order, holding a window of the file in memory (or one record, where that is larger).
 * Between windows other work gets its turn.
 */
export async function eachRecord(
  file: RecordingFile,
  take: (record: DumpRecord) => void,
  onProgress?: LoadProgress,
): Promise<DumpEnd> {
  const window = new Window(file, WINDOW);
  let number = 0;
  let offset = 0;
  let shown = 0;
  while (offset < file.size) {
    const span = spanAt(window, offset);
    if (typeof span === 'string') return { offset, cutOff: span === 'cut off' };
    const { bytes, at } = window.show(offset, span.to + 1 - offset);
    if (window.base !== shown) {
      shown = window.base;
      onProgress?.(offset, file.size);
      await setImmediate();
    }
    const from = at + span.from - offset;
    const to = at + span.to - offset;
    if (bytes[to] !== TnetTag.dictionary) return { offset, cutOff: false };
    take({ number: ++number, bytes, base: window.base, cursor: new TnetCursor(bytes, from, to) });
    offset = span.to + 1;
  }
  onProgress?.(offset, file.size);
  return { offset, cutOff: false };
}

/** Where the whole records of a dump end, and how many they are; reads their lengths only. */
export function endOfRecords(file: RecordingFile): DumpEnd & { readonly count: number } {
  const window = new Window(file, SMALL_WINDOW);
  let offset = 0;
  let count = 0;
  while (offset < file.size) {
    const span = spanAt(window, offset);
    if (typeof span === 'string') return { offset, count, cutOff: span === 'cut off' };
    const { bytes, at } = window.show(span.to, 1);
    if (bytes[at] !== TnetTag.dictionary) return { offset, count, cutOff: false };
    offset = span.to + 1;
    count += 1;
  }
  return { offset, count, cutOff: false };
}

// Where in the file the payload of the record at `offset` is.
function spanAt(window: Window, offset: number): TnetSpan | 'cut off' | 'garbage' {
  const { size } = window.file;
  const { bytes, at, end } = window.show(offset, Math.min(HEAD, size - offset));
  let span: TnetSpan | undefined;
  try {
    span = readTnetLength(bytes, at, end);
  } catch {
    return 'garbage';
  }
  if (!span) return 'cut off';
  if (!mayBeginRecord(bytes.toString('latin1', span.from, Math.min(end, span.to)))) return 'garbage';
  const moved = offset - at;
  return span.to + moved >= size ? 'cut off' : { from: span.from + moved, to: span.to + moved };
}

// A record is a dictionary, and a dictionary begins with a key: its length, a colon and a name.
function mayBeginRecord(head: string): boolean {
  return /^(\d{0,2}$|\d{1,2}:\w*($|[,;]))/.test(head);
}

/** A stretch of the file in memory, moved along as it is needed. */
class Window {
  bytes: Buffer = Buffer.alloc(0);
  /** Where in the file it begins. */
  base = 0;
  #held = 0;

  constructor(
    readonly file: RecordingFile,
    readonly size: number,
  ) {}

  has(offset: number, length: number): boolean {
    return offset >= this.base && offset + length <= this.base + this.#held;
  }

  show(offset: number, length: number): { bytes: Buffer; at: number; end: number } {
    if (!this.has(offset, length)) this.#move(offset, Math.max(length, this.size));
    const at = offset - this.base;
    return { bytes: this.bytes, at, end: at + length };
  }

  #move(offset: number, length: number): void {
    const wanted = Math.min(length, this.file.size - offset);
    try {
      if (this.bytes.length < wanted || this.bytes.length > this.size)
        this.bytes = Buffer.allocUnsafe(wanted);
    } catch (error) {
      const place = `recording ${this.file.path}: the record at byte ${offset}`;
      throw new RecordingError(`${place} has ${wanted} bytes, more than fit into memory; take it out`, {
        cause: error,
      });
    }
    this.base = offset;
    this.#held = this.file.fill(this.bytes, offset);
    if (this.#held < wanted) {
      throw new RecordingError(`recording ${this.file.path} was cut short while it was read; open it again`);
    }
  }
}
