import { closeSync, openSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { RecordingError } from '../errors';
import type { BodySpool } from '../http/body-spool';
import { VERSION } from '../version';
import { BodyStore } from './body-store';
import { cannotWrite } from './cannot-write';
import { buildEntry } from './har-build';
import { MOST_DECODED } from './har-build-body';
import { CLOSING, headLine, readHead, SEAL, type HarHead } from './har-layout';
import { rewriteOnLines } from './har-rewrite';
import { findTail } from './har-tail';
import { fillable } from './line-window';
import type { RecordedFlow } from './recorded-flow';
import type { RecordingWriter } from './recording';
import { openForWriting, type WritableFile, type WriteAt } from './writable-file';
import { notAppended } from './write-failure';

/** How a HAR is opened for writing. */
export interface OpenHarWriterOptions {
  /** Goes on with the file if there is one; otherwise what it held is gone. */
  readonly append: boolean;
  /** The file may be one that this process reads. */
  readonly whileRead?: boolean;
  /** Who writes, for `log.creator`; our own version unless told. */
  readonly version?: string | undefined;
  /** Bytes of the longest body that is decoded; 64 MiB unless told. */
  readonly decodedBody?: number | undefined;
  readonly write?: WriteAt;
}

/** Characters of an entry that needs no buffer of its own to be written: most are far shorter. */
const SHORT = 64 * 1024;
const CLOSING_BYTES = Buffer.from(CLOSING, 'utf8');

/**
 * Opens a HAR for writing, one entry a line, complete after every entry. A file of another layout is first rewritten, one that
 * a killed writer left is repaired.
 * @throws RecordingError when it cannot be written, is no HAR, or is being written by another process.
 */
export function openHarWriter(path: string, options: OpenHarWriterOptions): RecordingWriter {
  return openForWriting(path, options, (file) => new LineWriter(file, options));
}

class LineWriter implements RecordingWriter {
  readonly path: string;
  readonly held: number;
  readonly warnings: string[] = [];
  readonly #file: WritableFile;
  readonly #bodies: BodyStore;
  readonly #mostDecoded: number;
  readonly #head: HarHead;
  /** No character has more than three bytes. */
  readonly #short = Buffer.allocUnsafe(3 * SHORT);
  /** Where the last entry ends and the closing brackets begin. */
  #at: number;
  #isEmpty = true;

  constructor(file: WritableFile, { append, version = VERSION, decodedBody }: OpenHarWriterOptions) {
    this.#mostDecoded = decodedBody ?? MOST_DECODED;
    this.path = file.path;
    this.#file = file;
    this.#bodies = new BodyStore(dirname(file.real), basename(file.real));
    const goesOn = append && (file.existing ?? 0) > 0;
    if (goesOn && !isOurs(file.real)) {
      rewriteOnLines(file.real);
      this.warnings.push(`recording ${this.path} had another layout; rewritten to one entry a line`);
    }
    file.open(!goesOn);
    if (!goesOn) {
      this.#bodies.clear();
      const head = headLine({ version: '1.2', creator: { name: 'replay-proxy', version } });
      file.write(Buffer.from(head + CLOSING, 'utf8'), 0);
    }
    this.#bodies.tidy();
    const head = readHead(file);
    if (head?.sealAt === undefined)
      throw new RecordingError(`recording ${this.path} was changed while it was opened; try again`);
    this.#head = head;
    this.#at = this.#repair();
    this.held = goesOn ? countLines(file, head.end, this.#at) : 0;
    this.#seal('open');
  }

  append(flow: RecordedFlow): void {
    this.#file.assertOpen();
    try {
      const entry = JSON.stringify(buildEntry(flow, (body) => this.#bodies.put(body), this.#mostDecoded));
      const bytes = this.#bytesOf(`${this.#isEmpty ? '' : ','}\n${entry}${CLOSING}`);
      this.#file.writeEnd([bytes], this.#at, CLOSING_BYTES);
      this.#at += bytes.length - CLOSING_BYTES.length;
      this.#isEmpty = false;
    } catch (error) {
      throw notAppended(this.path, error);
    }
  }

  #bytesOf(text: string): Buffer {
    if (text.length > SHORT) return Buffer.from(text, 'utf8');
    return this.#short.subarray(0, this.#short.write(text, 'utf8'));
  }

  spool(held: number): BodySpool {
    return this.#bodies.spool(held);
  }

  close(): void {
    if (!this.#file.isOpen) return;
    try {
      this.#seal('closed');
    } catch (error) {
      throw cannotWrite(this.path, error);
    } finally {
      this.#file.close();
    }
  }

  /** Makes the file end with its last whole entry, and gives the place where that ends. */
  #repair(): number {
    const tail = findTail(this.#file, this.#head, this.#file.size);
    this.#isEmpty = tail.isEmpty;
    this.#file.write(CLOSING_BYTES, tail.at);
    this.#file.truncate(tail.at + CLOSING_BYTES.length);
    if (tail.torn > 0) {
      this.warnings.push(
        `recording ${this.path}: the last entry was cut off, as by a killed writer; its ${tail.torn} bytes are dropped`,
      );
    }
    return tail.at;
  }

  #seal(state: keyof typeof SEAL): void {
    if (this.#head.sealAt !== undefined)
      this.#file.write(Buffer.from(SEAL[state], 'latin1'), this.#head.sealAt);
  }
}

/** Each entry has a line of its own, and a line break before it. */
function countLines(file: WritableFile, from: number, to: number): number {
  const piece = Buffer.allocUnsafe(1024 * 1024);
  let count = 0;
  for (let at = from; at < to; at += piece.length) {
    const read = piece.subarray(0, Math.min(file.fill(piece, at), to - at));
    for (let found = read.indexOf(10); found !== -1; found = read.indexOf(10, found + 1)) count += 1;
  }
  return count;
}

function isOurs(file: string): boolean {
  const fd = openSync(file, 'r');
  try {
    return readHead(fillable(fd))?.sealAt !== undefined;
  } finally {
    closeSync(fd);
  }
}
