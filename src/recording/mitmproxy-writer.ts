import { randomUUID } from 'node:crypto';
import { closeSync, constants, fchmodSync, fstatSync, ftruncateSync, openSync, writeSync } from 'node:fs';
import { RecordingError, reasonOf } from '../errors';
import { endOfRecords } from './mitmproxy-records';
import { stateOf } from './mitmproxy-state';
import type { RecordedFlow } from './recorded-flow';
import type { RecordingWriter } from './recording';
import { openingFailed, RecordingFile } from './recording-file';
import { encodeTnetstring } from './tnetstring';

/** How a dump is opened for writing. */
export interface MitmproxyWriterOptions {
  /** Goes on behind what the file holds; without it the file begins anew. */
  readonly append: boolean;
  /** Told in a line when something was cut off before going on. */
  readonly onWarning?: (line: string) => void;
  /** Makes the UUIDs of flows and connections. */
  readonly newId?: () => string;
}

/**
 * Opens a mitmproxy dump for writing, version 21, mode 0600. Every flow is one synchronous write, so that a killed process
 * leaves whole records behind.
 * @throws RecordingError when it cannot be written, or is to be continued and is no dump.
 */
export function openMitmproxyWriter(path: string, options: MitmproxyWriterOptions): RecordingWriter {
  return new MitmproxyWriter(path, options);
}

class MitmproxyWriter implements RecordingWriter {
  readonly #newId: () => string;
  #fd: number | undefined;
  #size = 0;

  constructor(
    readonly path: string,
    options: MitmproxyWriterOptions,
  ) {
    this.#newId = options.newId ?? randomUUID;
    try {
      this.#fd = openSync(path, constants.O_RDWR | constants.O_CREAT, 0o600);
      if (!fstatSync(this.#fd).isFile())
        throw new RecordingError(`recording ${path}: is no regular file; name another one`);
      if (options.append) this.#size = wholePart(path, options.onWarning);
      else fchmodSync(this.#fd, 0o600);
      ftruncateSync(this.#fd, this.#size);
    } catch (error) {
      this.close();
      throw error instanceof RecordingError ? error : openingFailed(path, error);
    }
  }

  append(flow: RecordedFlow): void {
    if (this.#fd === undefined)
      throw new RecordingError(`recording ${this.path} was closed; open it again to go on`);
    const record = encodeTnetstring(stateOf(flow, this.#newId));
    try {
      for (let done = 0; done < record.length;) {
        done += writeSync(this.#fd, record, done, record.length - done, this.#size + done);
      }
    } catch (error) {
      ftruncateSync(this.#fd, this.#size);
      const what = `recording ${this.path} cannot be written: ${reasonOf(error)}`;
      throw new RecordingError(`${what}; it ends with the flow before`, { cause: error });
    }
    this.#size += record.length;
  }

  close(): void {
    if (this.#fd !== undefined) closeSync(this.#fd);
    this.#fd = undefined;
  }
}

// Never behind a torn record, and never into a file that is something else.
function wholePart(path: string, onWarning: ((line: string) => void) | undefined): number {
  const file = new RecordingFile(path);
  try {
    const { offset, cutOff } = endOfRecords(file);
    const rest = file.size - offset;
    if (rest === 0) return offset;
    if (!cutOff || (offset === 0 && !beginsLikeOurs(file))) {
      throw new RecordingError(
        `recording ${path}: what follows byte ${offset} is no record of a mitmproxy dump; record into another file`,
      );
    }
    onWarning?.(`recording ${path}: the last ${rest} bytes were a cut-off record; dropped before going on`);
    return offset;
  } finally {
    file.close();
  }
}

// A first record that is not whole is cut off only when nothing but a recorder can have written it.
function beginsLikeOurs(file: RecordingFile): boolean {
  const head = file
    .read(0, Math.min(file.size, 32))
    .toString('latin1')
    .replace(/^\d+:?/, '');
  return '9:websocket;'.startsWith(head.slice(0, 12));
}
