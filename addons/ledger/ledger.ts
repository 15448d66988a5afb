import { performance } from 'node:perf_hooks';
import {
  type Addon,
  cutMiddle,
  entryName,
  type Flow,
  LONGEST_URL,
  type MitmProxy,
  type RecordedFlow,
  Redaction,
  shortened,
  warnOnStderr,
} from 'replay-proxy';
import { count, type Counts, hasLeft, isRefused, noCounts } from './counts';
import { type FlowSummary, type Report, summaryOf } from './report';
import { ReportFile } from './report-file';

const NAME = 'Ledger';
/** Flows, or sessions, that a list of the report keeps. */
const KEPT = 1000;

/** How a ledger is kept. */
export interface LedgerOptions {
  /** The file to keep the report in, JSON; none unless told. */
  readonly file?: string;
  /** What is kept out of the report, by the names of facets, as out of recordings. */
  readonly redact?: readonly string[];
  /** Epoch milliseconds; the system's clock unless told. */
  readonly now?: () => number;
  /** Takes one line when the report cannot be written. Standard error unless told. */
  readonly warn?: (line: string) => void;
}

/** What it needs of an addon that replays, to tell what was never used. */
interface Replayer {
  /** By any session, or by that one. */
  unusedBy(session?: string): readonly RecordedFlow[];
}

/** What is kept of flows, by what became of them. */
interface Lists extends Record<'forwarded' | 'killed' | 'failed' | 'refused', FlowSummary[]> {
  readonly missed: Report['missed'][number][];
}

/** Keeps account of a run: what was answered, what left, what was missed and why. */
export class Ledger implements Addon {
  readonly name = NAME;
  readonly #options: Required<Omit<LedgerOptions, 'file' | 'redact'>> & Pick<LedgerOptions, 'file'>;
  readonly #redaction: Redaction;
  readonly #counts = noCounts();
  readonly #sessions = new Map<string, Counts>();
  readonly #lists: Lists = { missed: [], forwarded: [], killed: [], failed: [], refused: [] };
  #proxy: MitmProxy | undefined;
  #startedAt: number;
  #endedAt: number | undefined;

  constructor(options: LedgerOptions = {}) {
    this.#options = { now: Date.now, warn: warnOnStderr, ...options };
    this.#redaction = new Redaction(options.redact ?? []);
    this.#startedAt = this.#options.now();
  }

  apply(proxy: MitmProxy): void {
    this.#proxy = proxy;
    let file: ReportFile | undefined;
    // After recordings are loaded, before a recorder begins: neither is to be lost for a report.
    proxy.hooks.start.tap({ name: NAME, stage: 50 }, () => {
      this.#startedAt = this.#options.now();
      if (this.#options.file === undefined) return;
      const opened = new ReportFile(this.#options.file, {
        now: () => performance.now(),
        warn: this.#options.warn,
      });
      opened.write(() => this.report());
      file = opened;
    });
    proxy.hooks.complete.tap({ name: NAME, stage: 100 }, (flow) => {
      this.#add(flow);
      file?.update(() => this.report());
    });
    proxy.hooks.stop.tap({ name: NAME, stage: 1000 }, () => {
      this.#endedAt = this.#options.now();
      file?.write(() => this.report());
    });
  }

  /** The counts of the whole run, or those of one session (empty: the default one). */
  counts(session?: string): Readonly<Counts> {
    if (session === undefined) return { ...this.#counts };
    return { ...(this.#sessions.get(session) ?? noCounts()) };
  }

  /** All that is known so far, of the whole run or of one session (empty: the default one). */
  report(session?: string): Report {
    const unused = this.#unused(session);
    const { missed, forwarded, killed, failed, refused } = this.#lists;
    const those = <T extends FlowSummary>(list: readonly T[]) =>
      list.filter((one) => session === undefined || (one.session ?? '') === session);
    const sessions = [...this.#sessions].filter(([name]) => session === undefined || name === session);
    return {
      kind: 'replay-proxy report',
      version: 1,
      longestList: KEPT,
      startedAt: new Date(this.#startedAt).toISOString(),
      endedAt: this.#endedAt === undefined ? null : new Date(this.#endedAt).toISOString(),
      counts: { ...this.counts(session), unused: unused.length },
      missed: those(missed),
      forwarded: those(forwarded),
      killed: those(killed),
      failed: those(failed),
      refused: those(refused),
      unused: unused.slice(0, KEPT).map((flow) => {
        const name = entryName(flow);
        return { ...name, url: cutMiddle(this.#redaction.url(name.url), LONGEST_URL) };
      }),
      contacted: [...(this.#proxy?.contacted ?? [])],
      sessions: Object.fromEntries(sessions.slice(0, KEPT).map(([name, counts]) => [name, { ...counts }])),
    };
  }

  #add(flow: Flow): void {
    let session = this.#sessions.get(flow.session);
    if (!session) this.#sessions.set(flow.session, (session = noCounts()));
    count(this.#counts, flow);
    count(session, flow);
    const { missed, forwarded, killed, failed, refused } = this.#lists;
    const keep = (list: FlowSummary[]) => {
      if (list.length < KEPT) list.push(summaryOf(flow, this.#redaction));
    };
    if (hasLeft(flow)) keep(forwarded);
    if (flow.outcome === 'killed') keep(killed);
    if (flow.outcome === 'failed') keep(failed);
    if (isRefused(flow)) keep(refused);
    if (!flow.isMissed || missed.length >= KEPT) return;
    const { miss } = flow;
    missed.push({
      ...summaryOf(flow, this.#redaction),
      ...(miss && { miss: shortened(this.#redaction.miss(miss)) }),
    });
  }

  #unused(session: string | undefined): readonly RecordedFlow[] {
    const addons: readonly (Addon & Partial<Replayer>)[] = this.#proxy?.addons ?? [];
    return addons.flatMap((addon) => addon.unusedBy?.(session) ?? []);
  }
}
