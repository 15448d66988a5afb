import { RecordingError, reasonOf } from '../errors';
import { usedBefore } from './cut-off';
import { Attachments } from './har-attachments';
import { HarEntryReader } from './har-entry';
import type { StoredEntry } from './har-message';
import { LocalEntry } from './har-request-head';
import type { RecordedFlow } from './recorded-flow';
import { Warnings } from './warnings';

/** Collects the exchanges of one HAR while its entries are read, and what there is to say about them. */
export class HarLoad {
  readonly flows: RecordedFlow[] = [];
  readonly source: string;
  readonly #reader = new HarEntryReader();
  /** Entries that could not be read. */
  unreadable = 0;
  readonly #warnings = new Warnings();
  readonly #local = new Map<string, number>();
  readonly #attachments: Attachments;
  /** One for all entries: it speaks of the one that is being read. */
  readonly #warn = (problem: string): void => this.#say(`has a flaw: ${problem}`);
  #number = 0;
  #line: number | (() => number | undefined) = 0;

  constructor(source: string) {
    this.source = source;
    this.#attachments = new Attachments(source);
  }

  /** One more entry, found in that line. */
  add(entry: unknown, line: number | (() => number | undefined), stored?: StoredEntry): void {
    const number = ++this.#number;
    this.#line = line;
    try {
      const context = { source: this.source, attachments: this.#attachments, warn: this.#warn, stored };
      const flow = this.#reader.read(entry, number, context);
      if (flow instanceof LocalEntry) this.#local.set(flow.scheme, (this.#local.get(flow.scheme) ?? 0) + 1);
      else this.flows.push(flow);
    } catch (error) {
      if (!(error instanceof RecordingError)) throw error;
      this.unreadable += 1;
      this.#say(`is no HAR entry (${reasonOf(error)}); skipped; fix or delete the line`);
    }
  }

  #say(problem: string): void {
    const at = typeof this.#line === 'number' ? this.#line : this.#line();
    this.#warnings.add(
      `recording ${this.source}: entry ${this.#number}${at === undefined ? '' : ` (line ${at})`} ${problem}`,
    );
  }

  /** An entry that could not even be parsed. */
  skip(line: number, problem: string): void {
    this.unreadable += 1;
    this.#warnings.add(
      `recording ${this.source}: entry ${++this.#number} (line ${line}) is no HAR entry (${problem}); skipped; fix or delete the line`,
    );
  }

  /** The last entry, that was being written when the writer was killed. */
  dropTorn(line: number, bytes: number): void {
    this.unreadable += 1;
    this.#warnings.add(
      `recording ${this.source}: entry ${++this.#number} (line ${line}) is cut off, as by a killed writer; its ${bytes} bytes are dropped, ${usedBefore(this.flows.length)}`,
    );
  }

  /** All that was said. */
  warnings(): string[] {
    const local = [...this.#local].map(
      ([scheme, count]) =>
        `recording ${this.source}: ${count} with ${scheme}: URLs skipped; they go to no server`,
    );
    return [...this.#warnings.list(this.source), ...local];
  }
}
