import { performance } from 'node:perf_hooks';
import {
  type Addon,
  entryName,
  type Flow,
  type MitmProxy,
  type RecordedFlow,
  Redaction,
  type ReplayError,
  warnOnStderr,
} from 'replay-proxy';
import { count, type Counts, hasLeft, noCounts } from './counts';
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
  readonly unused: readonly RecordedFlow[];
}

/** Keeps account of a run: what was answered, what left, what was missed and why. */
export class Ledger implements Addon {
  readonly name = NAME;
  readonly #options: Required<Omit<LedgerOptions, 'file' | 'redact'>> & Pick<LedgerOptions, 'file'>;
  readonly #redaction: Redaction;
  readonly #counts = noCounts();
  readonly #sessions = new Map<string, Counts>();
  readonly #missed: Report['missed'][number][] = [];
  readonly #forwarded: FlowSummary[] = [];
  readonly #killed: FlowSummary[] = [];
  readonly #failed: FlowSummary[] = [];
  readonly #refused: FlowSummary[] = [];
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

  /** All that is known so far. */
  report(): Report {
    const unused = this.#unused();
    return {
      kind: 'replay-proxy report',
      version: 1,
      startedAt: new Date(this.#startedAt).toISOString(),
      endedAt: this.#endedAt === undefined ? null : new Date(this.#endedAt).toISOString(),
      counts: { ...this.#counts, unused: unused.length },
      missed: [...this.#missed],
      forwarded: [...this.#forwarded],
      killed: [...this.#killed],
      failed: [...this.#failed],
      refused: [...this.#refused],
      unused: unused.slice(0, KEPT).map((flow) => {
        const name = entryName(flow);
        return { ...name, url: this.#redaction.url(name.url) };
      }),
      contacted: [...(this.#proxy?.contacted ?? [])],
      sessions: Object.fromEntries(
        [...this.#sessions].slice(0, KEPT).map(([session, counts]) => [session, { ...counts }]),
      ),
    };
  }

  #add(flow: Flow): void {
    let session = this.#sessions.get(flow.session);
    if (!session) this.#sessions.set(flow.session, (session = noCounts()));
    count(this.#counts, flow);
    count(session, flow);
    const keep = (list: FlowSummary[]) => {
      if (list.length < KEPT) list.push(summaryOf(flow, this.#redaction));
    };
    if (hasLeft(flow)) keep(this.#forwarded);
    if (flow.outcome === 'killed') keep(this.#killed);
    if (flow.outcome === 'failed') keep(this.#failed);
    if ((flow.error as Partial<ReplayError> | undefined)?.code === 'ERR_EGRESS') keep(this.#refused);
    if (!flow.isMissed || this.#missed.length >= KEPT) return;
    const { miss } = flow;
    this.#missed.push({
      ...summaryOf(flow, this.#redaction),
      ...(miss && { miss: this.#redaction.miss(miss) }),
    });
  }

  #unused(): readonly RecordedFlow[] {
    const addons: readonly (Addon & Partial<Replayer>)[] = this.#proxy?.addons ?? [];
    return addons.flatMap(({ unused }) => unused ?? []);
  }
}
