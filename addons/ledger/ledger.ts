import { performance } from 'node:perf_hooks';
import {
  type Addon,
  entryName,
  type Flow,
  type MitmProxy,
  type Outcome,
  type RecordedFlow,
  Redaction,
  toldUrl,
  warnOnStderr,
} from 'replay-proxy';
import { Account, KEPT } from './account';
import { type Counts, hasLeft, noCounts } from './counts';
import type { FlowSummary, Report } from './report';
import { ReportFile } from './report-file'; // late

const NAME = 'Ledger';
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

/** Keeps account of a run: what was answered, what left, what was missed and why. */
export class Ledger implements Addon {
  readonly name = NAME;
  readonly #options: Required<Omit<LedgerOptions, 'file' | 'redact'>> & Pick<LedgerOptions, 'file'>;
  readonly #redaction: Redaction;
  readonly #account: Account;
  /** Flows that are about to end: what was missed is to be in the file before the client knows. */
  readonly #ending = new Set<Flow>();
  #proxy: MitmProxy | undefined;
  #startedAt: number;
  #endedAt: number | undefined;

  constructor(options: LedgerOptions = {}) {
    this.#options = { now: Date.now, warn: warnOnStderr, ...options };
    this.#redaction = new Redaction(options.redact ?? []);
    this.#account = new Account(this.#redaction);
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
    proxy.hooks.unmatched.tap({ name: NAME, stage: -Infinity }, (flow) => {
      if (!file) return;
      flow.beforeEnd(() => {
        this.#ending.add(flow);
        file?.update(() => this.report(), true);
      });
    });
    // It departs from a recorded WebSocket, and is told so with its end.
    proxy.hooks.webSocketClose.tap({ name: NAME, stage: 100 }, (_close, flow) => {
      if (!file || !flow.isMissed) return;
      this.#ending.add(flow);
      file.update(() => this.report(), true);
    });
    proxy.hooks.complete.tap({ name: NAME, stage: 100 }, (flow) => {
      this.#ending.delete(flow);
      this.#account.add(flow, outcomeOf(flow));
      file?.update(() => this.report());
    });
    proxy.hooks.stop.tap({ name: NAME, stage: 1000 }, () => {
      this.#endedAt = this.#options.now();
      file?.write(() => this.report());
    });
  }

  /** The counts of the whole run, or those of one session (empty: the default one). */
  counts(session?: string): Readonly<Counts> {
    const { counts, sessions } = this.#account;
    return { ...(session === undefined ? counts : (sessions.get(session) ?? noCounts())) };
  }

  /** All that is known so far, of the whole run or of one session (empty: the default one). */
  report(session?: string): Report {
    const unused = this.#unused(session);
    const account = this.#accountSoFar();
    const { counts, lists } = account;
    const { missed, forwarded, killed, failed, refused } = lists;
    const those = <T extends FlowSummary>(list: readonly T[]) =>
      list.filter((one) => session === undefined || (one.session ?? '') === session);
    const sessions = [...account.sessions].filter(([name]) => session === undefined || name === session);
    const ofSession = session === undefined ? counts : (account.sessions.get(session) ?? noCounts());
    return {
      kind: 'replay-proxy report',
      version: 1,
      longestList: KEPT,
      startedAt: new Date(this.#startedAt).toISOString(),
      endedAt: this.#endedAt === undefined ? null : new Date(this.#endedAt).toISOString(),
      counts: { ...ofSession, unused: unused.length },
      missed: those(missed),
      forwarded: those(forwarded),
      killed: those(killed),
      failed: those(failed),
      refused: those(refused),
      unused: unused.slice(0, KEPT).map((flow) => {
        const name = entryName(flow);
        return { ...name, url: toldUrl(name.url, this.#redaction) };
      }),
      contacted: [...(this.#proxy?.contacted ?? [])],
      sessions: Object.fromEntries(sessions.slice(0, KEPT).map(([name, counts]) => [name, { ...counts }])),
    };
  }

  /** With the flows whose end is near. */
  #accountSoFar(): Account {
    if (this.#ending.size === 0) return this.#account;
    const account = this.#account.copy();
    for (const flow of this.#ending) account.add(flow, outcomeOf(flow));
    return account;
  }

  #unused(session: string | undefined): readonly RecordedFlow[] {
    const addons: readonly (Addon & Partial<Replayer>)[] = this.#proxy?.addons ?? [];
    return addons.flatMap((addon) => addon.unusedBy?.(session) ?? []);
  }
}

/** What became of a flow, or will if nothing goes wrong: only those are asked about early that no recording answers, or not to the end. */
function outcomeOf(flow: Flow): Outcome {
  if (flow.outcome) return flow.outcome;
  if (flow.endedAt !== undefined) return 'failed';
  if (flow.recorded) return 'replayed';
  return hasLeft(flow) ? 'forwarded' : 'answered';
}
