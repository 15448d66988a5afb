import { closeSync, fstatSync, openSync, readFileSync, statSync } from 'node:fs';
import { RecordingError, reasonOf } from '../errors';
import { readHead } from './har-layout';
import { loadLines } from './har-lines';
import { HarLoad } from './har-load';
import { locateEntries } from './har-slices';
import { isObject, objectIn, type JsonObject } from './json-value';
import { findJsonFlaw, placeOf } from './json-syntax';
import type { LoadProgress, Recording } from './recording';

/** After how many entries the event loop gets its turn. */
const TURN = 500;

/** What can be said when a HAR is opened. */
export interface OpenHarOptions {
  /** Told now and then how far it is. */
  readonly onProgress?: LoadProgress | undefined;
}

/**
 * Opens a HAR 1.2 of any dialect. One entry a line, as we write it, is read through a window, and its bodies when they are
 * asked for; any other layout is parsed whole and its bodies stay in memory. Bad entries are skipped and named in `warnings`.
 * @throws RecordingError naming file, line and column when it is no HAR, or cannot be read.
 */
export async function openHar(path: string, options: OpenHarOptions = {}): Promise<Recording> {
  const fd = open(path);
  let kept = false;
  try {
    const size = fstatSync(fd).size;
    const head = readHead(fd);
    if (head) {
      const load = new HarLoad(path);
      const lines = await loadLines(fd, head, size, load, { ...options, tolerant: false });
      if (lines) {
        kept = true;
        return recordingOf(load, head.log, size, options, fd);
      }
    }
    const whole = readWhole(fd, path, size);
    if (head && whole instanceof RecordingError) {
      // Some lines are broken, the others are not: keep those.
      const load = new HarLoad(path);
      await loadLines(fd, head, size, load, { ...options, tolerant: true });
      kept = true;
      return recordingOf(load, head.log, size, options, fd);
    }
    if (whole instanceof RecordingError) throw whole;
    const load = new HarLoad(path);
    await loadWhole(whole, size, load, options);
    return recordingOf(load, whole.log, size, options, undefined);
  } catch (error) {
    if (error instanceof RecordingError) throw error;
    throw new RecordingError(`recording ${path} cannot be read (${reasonOf(error)})`, { cause: error });
  } finally {
    if (!kept) closeSync(fd);
  }
}

/** A parsed HAR and the text that it came from. */
export interface WholeHar {
  readonly text: string;
  readonly root: JsonObject;
  readonly log: JsonObject;
  readonly entries: readonly unknown[];
}

/** Parses a HAR of any layout at once; what is wrong is returned, not thrown. */
export function readWhole(fd: number, path: string, size: number): WholeHar | RecordingError {
  const problem = (what: string): RecordingError =>
    new RecordingError(`recording ${path} is no HAR: ${what}`);
  if (size === 0) return problem('the file is empty (line 1, column 1)');
  let text: string;
  try {
    const bytes = readFileSync(fd);
    if (bytes.subarray(0, 2).toString('latin1') === 'PK') return problem('it is a zip archive; unpack it');
    if (bytes[0] === 0x1f && bytes[1] === 0x8b) return problem('it is compressed with gzip; unpack it');
    text = bytes.toString('utf8').replace(/^\ufeff/, '');
  } catch (error) {
    return problem(`it is too large to be read at once (${reasonOf(error)}); write one entry a line`);
  }
  let root: unknown;
  try {
    root = JSON.parse(text);
  } catch (error) {
    const flaw = findJsonFlaw(text);
    return problem(flaw ? `line ${flaw.line}, column ${flaw.column}: ${flaw.problem}` : reasonOf(error));
  }
  const log = objectIn(root, 'log');
  if (!isObject(root) || !log || !Array.isArray(log['entries'])) {
    return problem('line 1, column 1: no object with a list "log.entries"');
  }
  return { text, root, log, entries: log['entries'] as unknown[] };
}

async function loadWhole(
  whole: WholeHar,
  size: number,
  load: HarLoad,
  options: OpenHarOptions,
): Promise<void> {
  let slices: ReturnType<typeof locateEntries> | undefined;
  for (const [index, entry] of whole.entries.entries()) {
    load.add(entry, () => {
      slices ??= locateEntries(whole.text);
      const slice = slices[index];
      return slice && placeOf(whole.text, slice.start).line;
    });
    if (index % TURN === TURN - 1) {
      options.onProgress?.(Math.floor((size * index) / whole.entries.length), size);
      await new Promise(setImmediate);
    }
  }
}

function recordingOf(
  load: HarLoad,
  log: JsonObject,
  size: number,
  options: OpenHarOptions,
  fd: number | undefined,
): Recording {
  options.onProgress?.(size, size);
  let open = fd;
  return {
    path: load.source,
    format: 'har',
    flows: load.flows,
    warnings: load.warnings(),
    sealed: objectIn(log, '_replay')?.['sealed'] === true,
    close: () => {
      if (open !== undefined) closeSync(open);
      open = undefined;
    },
  };
}

function open(path: string): number {
  try {
    // Before opening: to open a named pipe would wait for its other end.
    if (!statSync(path).isFile()) throw new RecordingError(`recording ${path} is no regular file`);
    return openSync(path, 'r');
  } catch (error) {
    if (error instanceof RecordingError) throw error;
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    throw new RecordingError(
      missing ? `recording ${path}: no such file` : `recording ${path} cannot be read (${reasonOf(error)})`,
      { cause: error },
    );
  }
}
