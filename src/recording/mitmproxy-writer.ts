import { randomUUID } from 'node:crypto';
import { basename, dirname } from 'node:path';
import { RecordingError } from '../errors';
import { BodySpool } from '../http/body-spool';
import { endOfRecords } from './mitmproxy-records';
import { stateOf } from './mitmproxy-state';
import type { RecordedFlow } from './recorded-flow';
import type { RecordingWriter } from './recording';
import { RecordingFile } from './recording-file';
import { tnetstringPieces } from './tnetstring';
import { openForWriting, type WritableFile, type WriteAt } from './writable-file';
import { notAppended } from './write-failure';

/** How a dump is opened for writing. */
export interface MitmproxyWriterOptions {
  /** Goes on behind what the file holds; without it the file begins anew. */
  readonly append: boolean;
  /** The file may be one that this process reads. */
  readonly whileRead?: boolean;
  /** Makes the UUIDs of flows and connections. */
  readonly newId?: () => string;
  readonly write?: WriteAt;
}

/**
 * Opens a mitmproxy dump for writing, version 21, mode 0600. Every flow is one synchronous write, so that a killed process
 * leaves whole records behind; only of one with a body of megabytes it may leave a part, which is cut off later.
 * @throws RecordingError when it cannot be written, is to be continued and is no dump, or is being written by another process.
 */
export function openMitmproxyWriter(path: string, options: MitmproxyWriterOptions): RecordingWriter {
  return openForWriting(path, options, (file) => new RecordWriter(file, options));
}

class RecordWriter implements RecordingWriter {
  readonly path: string;
  readonly held: number;
  readonly warnings: readonly string[];
  readonly #newId: () => string;
  readonly #file: WritableFile;
  #size: number;

  constructor(file: WritableFile, { append, newId = randomUUID }: MitmproxyWriterOptions) {
    this.path = file.path;
    this.#file = file;
    this.#newId = newId;
    const { size, torn, held } =
      append && file.existing ? wholePart(file.real, this.path) : { size: 0, torn: 0, held: 0 };
    this.#size = size;
    this.held = held;
    this.warnings =
      torn > 0 ? [`recording ${this.path}: the last ${torn} bytes are a cut-off record; dropped`] : [];
    file.open(!append);
    file.truncate(size);
  }

  append(flow: RecordedFlow): void {
    this.#file.assertOpen();
    try {
      this.#size += this.#file.writeEnd(tnetstringPieces(stateOf(flow, this.#newId)), this.#size);
    } catch (error) {
      throw notAppended(this.path, error);
    }
  }

  spool(held: number): BodySpool {
    // Beside the dump: where temporary files go, there may be no room, or only memory.
    const folder = () => dirname(this.#file.real);
    return new BodySpool(held, { folder, prefix: `.${basename(this.#file.real)}-`, isNamed: false });
  }

  close(): void {
    this.#file.close();
  }
}

// Never behind a torn record, and never into a file that is something else.
function wholePart(path: string, named: string): { size: number; torn: number; held: number } {
  const file = new RecordingFile(path);
  try {
    const { offset, count, cutOff } = endOfRecords(file);
    const torn = file.size - offset;
    if (torn > 0 && (!cutOff || (offset === 0 && !beginsLikeOurs(file)))) {
      const place = offset === 0 ? 'it' : `what follows byte ${offset}`;
      throw new RecordingError(`recording ${named}: ${place} is no mitmproxy dump; record into another file`);
    }
    return { size: offset, torn, held: count };
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
