import { styleText } from 'node:util';
import {
  type Addon,
  escapeControls,
  type Flow,
  missLine,
  type MitmProxy,
  type Outcome,
  Redaction,
  toldTarget,
} from 'replay-proxy';

const NAME = 'FlowLog';

const COLOURS: Record<Outcome, 'green' | 'cyan' | 'blue' | 'yellow' | 'red' | 'gray'> = {
  replayed: 'green',
  answered: 'cyan',
  forwarded: 'blue',
  killed: 'yellow',
  failed: 'red',
  aborted: 'gray',
};

/** How flows are logged. */
export interface FlowLogOptions {
  /** Takes one line, without its end. Standard output unless told. */
  write?: (line: string) => void;
  /** Colours the outcome. Only on a terminal unless told. */
  colours?: boolean;
  /** Adds the messages' headers, a line each. */
  verbose?: boolean;
  /** What is kept out of the log, by the names of facets, as out of recordings. */
  redact?: readonly string[];
}

/** One line a flow: time, session, method, URL, status, size (of a WebSocket the number of messages), duration, outcome, and why if it went wrong or no recording answered. */
export class FlowLog implements Addon {
  readonly name = NAME;
  readonly #write: (line: string) => void;
  readonly #colours: boolean;
  readonly #verbose: boolean;
  readonly #redaction: Redaction;

  constructor(options: FlowLogOptions = {}) {
    this.#write = options.write ?? ((line) => process.stdout.write(`${line}\n`));
    this.#colours = options.colours ?? (process.stdout.isTTY && process.stdout.hasColors());
    this.#verbose = options.verbose ?? false;
    this.#redaction = new Redaction(options.redact ?? []);
  }

  apply(proxy: MitmProxy): void {
    const streamed = new WeakMap<Flow, number>();
    proxy.hooks.response.tap({ name: NAME, stage: 1000 }, ({ body }, flow) => {
      if (body.kind !== 'stream') return;
      body.watch({
        chunk: (bytes) => streamed.set(flow, (streamed.get(flow) ?? 0) + bytes.length),
        end: () => {},
      });
    });
    proxy.hooks.complete.tap(NAME, (flow) => {
      this.#write(this.#line(flow, streamed.get(flow)));
      if (this.#verbose) for (const line of messages(flow, this.#redaction)) this.#write(line);
    });
  }

  #line(flow: Flow, streamed: number | undefined): string {
    const { request, response, outcome = 'failed' } = flow;
    const answered = flow.headSentAt === undefined ? undefined : response;
    const parts = [
      clockTime(flow.startedAt),
      ...(flow.session === '' ? [] : [`[${flow.session}]`]),
      request.method,
      toldTarget(request, this.#redaction),
      answered?.status ?? '-',
      answered ? (messageCount(flow) ?? byteSize(streamed ?? answered.body.length ?? 0)) : '-',
      `${Math.max(0, (flow.endedAt ?? flow.startedAt) - flow.startedAt)} ms`,
      this.#colours ? styleText(COLOURS[outcome], outcome, { validateStream: false }) : outcome,
    ];
    const why =
      (flow.error && this.#redaction.sentence(flow.error.message, request.url)) ??
      whyNotReplayed(flow, this.#redaction);
    const [outcomePart] = parts.splice(-1);
    return `${escapeControls(parts.join(' '))} ${outcomePart}${why ? `: ${escapeControls(why)}` : ''}`;
  }
}

/** Who let it out or why it was killed, and why no recording answered. */
function whyNotReplayed({ outcome, notes, miss, decidedBy }: Flow, redaction: Redaction): string {
  const letOut = outcome === 'forwarded' && decidedBy !== undefined ? [`by addon ${decidedBy}`] : [];
  const reasons = outcome === 'killed' ? notes : letOut;
  return (miss ? [...reasons, missLine(redaction.miss(miss))] : reasons).join('; ');
}

function messages({ request, response, notes }: Flow, redaction: Redaction): string[] {
  const lines = (mark: '>' | '<', headers: Iterable<readonly [string, string]>) =>
    [...headers].map(([name, value]) => {
      const told = redaction.field(name, value, mark === '>' ? 'request' : 'response');
      return `    ${mark} ${escapeControls(`${name}: ${told}`)}`;
    });
  return [
    ...lines('>', request.headers),
    ...(response ? lines('<', response.headers) : []),
    ...notes.map((note) => `    * ${escapeControls(note)}`),
  ];
}

/** What stands for the size of a WebSocket. */
function messageCount({ webSocket, response }: Flow): string | undefined {
  if (!webSocket || response?.status !== 101) return undefined;
  return webSocket.messageCount === 1 ? '1 message' : `${webSocket.messageCount} messages`;
}

function clockTime(epoch: number): string {
  return new Date(epoch).toTimeString().slice(0, 8);
}

function byteSize(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  const power = Math.min(3, Math.floor(Math.log10(bytes) / 3));
  return `${(bytes / 1000 ** power).toFixed(1)} ${['', 'kB', 'MB', 'GB'][power]}`;
}
