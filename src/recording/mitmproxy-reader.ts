import { RecordingError } from '../errors';
import { nothingLeft, usedBefore } from './cut-off';
import { DUMP_VERSION, DumpEntryReader, DumpRecordProblem, type DumpEntry } from './mitmproxy-flow';
import { eachRecord, type DumpRecord } from './mitmproxy-records';
import type { RecordedFlow } from './recorded-flow';
import type { LoadProgress, Recording } from './recording';
import { RecordingFile } from './recording-file';
import { Warnings } from './warnings';

/**
 * Opens a mitmproxy dump: versions 0.18 and 5 to 21, and newer ones while they have the fields that are needed. Heads are kept in
 * memory, bodies are read from the file when they are asked for.
 * @throws RecordingError when it cannot be read, is no dump, or is cut off before its first flow ends.
 */
export async function openMitmproxy(
  path: string,
  options: { onProgress?: LoadProgress } = {},
): Promise<Recording> {
  const file = new RecordingFile(path);
  const load = new DumpLoad(file);
  try {
    const end = await eachRecord(file, (record) => load.take(record), options.onProgress);
    load.finish(end.offset, end.cutOff);
  } catch (error) {
    file.close();
    throw error;
  }
  return recordingOf(load, file);
}

/** A function of its own: its closure keeps the file, and not what was read with. */
function recordingOf(load: DumpLoad, file: RecordingFile): Recording {
  return {
    path: file.path,
    format: 'mitmproxy',
    flows: load.flows,
    warnings: load.warnings(),
    unreadable: load.unreadable,
    close: () => file.close(),
  };
}

/** What has been read of a dump so far. */
class DumpLoad {
  readonly flows: RecordedFlow[] = [];
  readonly #handshakes = new Map<string, number>();
  readonly #others = new Map<string, number>();
  /** Records that could not be read. */
  unreadable = 0;
  readonly #warnings = new Warnings();
  #records = 0;
  #orphans = 0;
  #newest = 0;
  #tail: string | undefined;

  readonly #reader: DumpEntryReader;

  constructor(readonly file: RecordingFile) {
    this.#reader = new DumpEntryReader(file);
  }

  take(record: DumpRecord): void {
    try {
      const entry = this.#reader.read(record, (flaw) =>
        this.#warnings.add(`recording ${this.file.path}: flow ${record.number} has a flaw: ${flaw}`),
      );
      if (!entry) throw new SyntaxError('no keys of a flow');
      this.#records++;
      this.#add(entry);
    } catch (error) {
      if (error instanceof SyntaxError && this.#records === 0) throw this.#refusal();
      if (error instanceof DumpRecordProblem && (error.version ?? 0) > DUMP_VERSION)
        throw this.#tooNew(error);
      if (!(error instanceof SyntaxError) && !(error instanceof DumpRecordProblem)) throw error;
      this.#records++;
      this.unreadable += 1;
      this.#warnings.add(`recording ${this.file.path}: flow ${record.number} was skipped: ${error.message}`);
    }
  }

  finish(end: number, cutOff: boolean): void {
    const rest = this.file.size - end;
    if (rest === 0) return;
    if (this.#records === 0 && !cutOff) throw this.#refusal();
    if (this.flows.length === 0 && cutOff) throw nothingLeft(this.file.path);
    this.unreadable += 1;
    const dropped = cutOff
      ? `the last ${rest} bytes are a cut-off record; dropped`
      : `what follows byte ${end} is no record; the last ${rest} bytes were dropped`;
    this.#tail = `${dropped}, ${usedBefore(this.flows.length)}`;
  }

  warnings(): string[] {
    const warn = (line: string): void => this.#warnings.add(`recording ${this.file.path}: ${line}`);
    if (this.#others.size > 0) {
      const counts = [...this.#others].map(([what, count]) => `${count} ${what}`).join(', ');
      warn(`skipped what is no HTTP exchange: ${counts}`);
    }
    if (this.#orphans > 0)
      warn(`skipped WebSocket records without a handshake of their own: ${this.#orphans}`);
    if (this.#newest > DUMP_VERSION) {
      warn(
        `its version ${this.#newest} is newer than ${DUMP_VERSION}, the newest known here; check what was read`,
      );
    }
    if (this.file.size === 0) warn('is empty');
    if (this.#tail) warn(this.#tail);
    return this.#warnings.list(this.file.path);
  }

  #add(entry: DumpEntry): void {
    if (entry.kind === 'other') this.#others.set(entry.what, (this.#others.get(entry.what) ?? 0) + 1);
    else if (entry.kind === 'webSocket') this.#join(entry.handshake, entry.is);
    else {
      this.#newest = Math.max(this.#newest, entry.version);
      if (entry.id !== undefined) this.#handshakes.set(entry.id, this.flows.length);
      this.flows.push(entry.flow);
    }
  }

  // Before version 12 a WebSocket is a record of its own, behind its handshake.
  #join(handshake: string, webSocket: Pick<RecordedFlow, 'webSocket' | 'webSocketClose'>): void {
    const at = this.#handshakes.get(handshake);
    const flow = at === undefined ? undefined : this.flows[at];
    this.#handshakes.delete(handshake);
    if (at === undefined || !flow) this.#orphans++;
    else this.flows[at] = Object.freeze({ ...flow, ...webSocket });
  }

  #refusal(): RecordingError {
    return new RecordingError(
      `recording ${this.file.path} is no mitmproxy dump: its first bytes are no flow; check the file`,
    );
  }

  #tooNew(problem: DumpRecordProblem): RecordingError {
    const what = `recording ${this.file.path} has version ${problem.version} and cannot be read (${problem.message})`;
    return new RecordingError(`${what}; write it again with an older mitmproxy, or as HAR`, {
      cause: problem,
    });
  }
}
