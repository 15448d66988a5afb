import { isObject, objectIn, type JsonObject } from './json-value';
import type { Fillable } from './line-window';

/** The end of a HAR with one entry a line; it follows the last entry. */
export const CLOSING = '\n]}}\n';

/** The head line of a HAR with one entry a line. */
export interface HarHead {
  readonly log: JsonObject;
  /** Offset of the byte after the `[` of the entries. */
  readonly end: number;
  /** Offset of the value of `"sealed":` in a head of ours, which can be overwritten in place. */
  readonly sealAt: number | undefined;
}

/** Both are five bytes, so that one can be written over the other. */
export const SEAL = { closed: 'true ', open: 'false' } as const;

const SEALED = /"_replay":\{"sealed":(?:true |false)\}/;
const LONGEST_HEAD = 16 * 1024 * 1024;

/** The head line for these members of `log` and of the object around it, ending with the `[` of the entries. */
export function headLine(log: JsonObject, around: JsonObject = {}): string {
  const { entries: _entries, _replay: _ours, ...rest } = log;
  const { log: _log, ...others } = around;
  const whole = JSON.stringify({ ...others, log: { ...rest, _replay: { sealed: false }, entries: [] } });
  return whole.slice(0, -']}}'.length);
}

/** The head line of the file; undefined when the file does not have its entries on lines of their own. */
export function readHead(file: Fillable): HarHead | undefined {
  for (let size = 4096; size <= LONGEST_HEAD; size *= 4) {
    const buffer = Buffer.allocUnsafe(size);
    const read = file.fill(buffer, 0);
    const head = buffer.subarray(0, read);
    const newline = head.indexOf(10);
    if (newline >= 0) return parseHead(head.subarray(0, newline));
    if (read < size) return undefined;
  }
  return undefined;
}

function parseHead(line: Buffer): HarHead | undefined {
  const text = line.toString('utf8').trimEnd();
  if (!text.endsWith('[')) return undefined;
  try {
    const whole: unknown = JSON.parse(`${text.replace(/^\ufeff/, '')}]}}`);
    const log = objectIn(whole, 'log');
    if (!isObject(log) || !Array.isArray(log['entries']) || log['entries'].length > 0) return undefined;
    // The last one: an earlier one could be text inside another member.
    const seal = [...text.matchAll(new RegExp(SEALED, 'g'))].at(-1);
    const before = seal && text.slice(0, seal.index + '"_replay":{"sealed":'.length);
    const ours = typeof objectIn(log, '_replay')?.['sealed'] === 'boolean';
    return {
      log,
      end: Buffer.byteLength(text, 'utf8'),
      sealAt: ours && before !== undefined ? Buffer.byteLength(before, 'utf8') : undefined,
    };
  } catch {
    return undefined;
  }
}
