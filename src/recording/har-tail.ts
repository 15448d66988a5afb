import type { HarHead } from './har-layout';
import { isObject } from './json-value';
import type { Fillable } from './line-window';

/** Where the next entry of a HAR with one entry a line goes. */
export interface HarTail {
  /** Offset at which the last entry ends. */
  readonly at: number;
  readonly isEmpty: boolean;
  /** Bytes of a last entry that was not written whole. */
  readonly torn: number;
}

const STEP = 64 * 1024;

/**
 * Finds the end of the entries. Without its closing brackets the file was left by a killed writer: what follows the last whole
 * entry does not count then. A closed file keeps all it has, even lines that are no JSON.
 */
export function findTail(file: Fillable, head: HarHead, size: number): HarTail {
  const from = Math.max(head.end, size - STEP);
  const ahead = from === head.end ? '\n' : '';
  const closing = closingOf(ahead + readText(file, from, size));
  if (closing !== undefined) return tailAt(from + closing - ahead.length, 0);

  const lastLine = lastNewline(file, head.end, size) + 1;
  const line = readBytes(file, lastLine, size).toString('utf8').trimEnd();
  const entry = line.replace(/,$/, '');
  if (isEntry(entry)) return tailAt(lastLine + Buffer.byteLength(entry, 'utf8'), 0);
  const before = beforeComma(file, head.end, lastLine);
  return tailAt(before, ']}}'.startsWith(line.trim()) ? 0 : size - lastLine);

  function tailAt(at: number, torn: number): HarTail {
    return { at: Math.max(at, head.end), isEmpty: at <= head.end, torn };
  }
}

/** Where in a text the closing brackets begin that it ends with, on a line of their own, with the comma before them. */
function closingOf(text: string): number | undefined {
  let before = text;
  for (const bracket of ['}', '}', ']']) {
    before = before.trimEnd();
    if (!before.endsWith(bracket)) return undefined;
    before = before.slice(0, -1);
  }
  const entries = before.trimEnd();
  if (!before.slice(entries.length).includes('\n')) return undefined;
  return entries.endsWith(',') ? entries.length - 1 : entries.length;
}

function isEntry(text: string): boolean {
  try {
    return isObject(JSON.parse(text));
  } catch {
    return false;
  }
}

/** Offset of the last line break, or just before `start` when there is none. */
function lastNewline(file: Fillable, start: number, size: number): number {
  for (let end = size; end > start; end -= STEP) {
    const from = Math.max(start, end - STEP);
    const at = readBytes(file, from, end).lastIndexOf(10);
    if (at >= 0) return from + at;
  }
  return start - 1;
}

/** Where the line before `end` ends, without its comma. */
function beforeComma(file: Fillable, start: number, end: number): number {
  const from = Math.max(start, end - 64);
  const text = readText(file, from, end);
  return from + text.replace(/\s*,?\s*$/, '').length;
}

/** As latin1, so that places in the text are places in the file. */
function readText(file: Fillable, from: number, end: number): string {
  return readBytes(file, from, end).toString('latin1');
}

function readBytes(file: Fillable, from: number, end: number): Buffer {
  const bytes = Buffer.alloc(Math.max(0, end - from));
  return bytes.subarray(0, file.fill(bytes, from));
}
