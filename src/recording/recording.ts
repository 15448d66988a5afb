import type { BodySpool } from '../http/body-spool';
import type { RecordedFlow } from './recorded-flow';

/** How far a recording has been read, in bytes. */
export type LoadProgress = (read: number, total: number) => void;

/** A saved conversation, opened for reading. */
export interface Recording {
  /** The file, as the user named it. */
  readonly path: string;
  readonly format: 'har' | 'mitmproxy';
  /** In recorded order. */
  readonly flows: readonly RecordedFlow[];
  /** What was skipped or dropped, a line each, fit to print. */
  readonly warnings: readonly string[];
  /** Entries of the file that could not be read, one that is cut off among them; 0 for a sound one. */
  readonly unreadable: number;
  /** Lets go of the file; bodies cannot be read afterwards. */
  close(): void;
}

/** A saved conversation, opened for writing. Every call is synchronous: when it returns, the file has it. */
export interface RecordingWriter {
  readonly path: string;
  /** Entries that it held when it was opened. */
  readonly held: number;
  /** What had to be done to the file first, a line each, fit to print. */
  readonly warnings: readonly string[];
  /**
   * Writes one exchange.
   * @throws RecordingError when it could not be written whole; the file then ends with the entry before.
   */
  append(flow: RecordedFlow): void;
  /** A place for a passing body, in memory up to `held` bytes, from which `append` takes it without copying where it can. */
  spool(held: number): BodySpool;
  /** Marks a clean end and lets go of the file. */
  close(): void;
}
