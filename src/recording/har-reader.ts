import { RecordingError, reasonOf } from '../errors';
import { nothingLeft } from './cut-off';
import { readHead } from './har-layout';
import { loadLines } from './har-lines';
import { HarLoad } from './har-load';
import { locateEntries } from './har-slices';
import { isObject, objectIn, type JsonObject } from './json-value';
import { findJsonFlaw, placeOf } from './json-syntax';
import type { LoadProgress, Recording } from './recording';
import { RecordingFile } from './recording-file';

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
 * @throws RecordingError naming file, line and column when it is no HAR, cannot be read, or is cut off before its first flow ends.
 */
export async function openHar(path: string, options: OpenHarOptions = {}): Promise<Recording> {
  const file = new RecordingFile(path);
  try {
    return await readEntries(file, options);
  } catch (error) {
    file.close();
    if (error instanceof RecordingError) throw error;
    throw new RecordingError(`recording ${path} cannot be read: ${reasonOf(error)}`, { cause: error });
  }
}

async function readEntries(file: RecordingFile, options: OpenHarOptions): Promise<Recording> {
  const head = readHead(file);
  if (head) {
    const load = new HarLoad(file.path);
    const end = await loadLines(file, head, load, { ...options, tolerant: false });
    if (end !== 'other layout') return recordingOf(load, file, options, end === 'cut off');
  }
  const whole = readWhole(file);
  if (head && whole instanceof RecordingError) {
    // Some lines are broken; the others still count.
    const load = new HarLoad(file.path);
    const end = await loadLines(file, head, load, { ...options, tolerant: true });
    return recordingOf(load, file, options, end === 'cut off');
  }
  if (whole instanceof RecordingError) throw whole;
  return await loadWhole(whole, file, options);
}

/** A parsed HAR and the text that it came from. */
export interface WholeHar {
  readonly text: string;
  readonly root: JsonObject;
  readonly log: JsonObject;
  readonly entries: readonly unknown[];
}

/** Parses a HAR of any layout at once; what is wrong is returned, not thrown. */
export function readWhole(file: RecordingFile): WholeHar | RecordingError {
  const problem = (what: string): RecordingError =>
    new RecordingError(`recording ${file.path} is no HAR: ${what}`);
  if (file.size === 0) return problem('the file is empty (line 1, column 1)');
  let text: string;
  try {
    const bytes = file.read(0, file.size);
    if (bytes.subarray(0, 2).toString('latin1') === 'PK') return problem('it is a zip archive; unpack it');
    if (bytes[0] === 0x1f && bytes[1] === 0x8b) return problem('it is compressed with gzip; unpack it');
    text = bytes.toString('utf8').replace(/^\ufeff/, '');
  } catch (error) {
    if (error instanceof RecordingError) return error;
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

async function loadWhole(whole: WholeHar, file: RecordingFile, options: OpenHarOptions): Promise<Recording> {
  const load = new HarLoad(file.path);
  let slices: ReturnType<typeof locateEntries> | undefined;
  for (const [index, entry] of whole.entries.entries()) {
    load.add(entry, () => {
      slices ??= locateEntries(whole.text);
      const slice = slices[index];
      return slice && placeOf(whole.text, slice.start).line;
    });
    if (index % TURN === TURN - 1) {
      options.onProgress?.(Math.floor((file.size * index) / whole.entries.length), file.size);
      await new Promise(setImmediate);
    }
  }
  return recordingOf(load, file, options, false);
}

function recordingOf(
  load: HarLoad,
  file: RecordingFile,
  options: OpenHarOptions,
  cutOff: boolean,
): Recording {
  if (cutOff && load.flows.length === 0) throw nothingLeft(load.source);
  options.onProgress?.(file.size, file.size);
  return {
    path: load.source,
    format: 'har',
    flows: load.flows,
    warnings: load.warnings(),
    unreadable: load.unreadable,
    close: () => file.close(),
  };
}
