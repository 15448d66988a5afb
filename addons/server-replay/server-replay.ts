import {
  type Addon,
  type AddonOptions,
  type Awaitable,
  DEFAULT_LIMITS,
  type Flow,
  type HttpRequest,
  isGrpc,
  isThenable,
  type MitmProxy,
  type RecordedFlow,
  refuseUnknownRoots,
  respond,
  serveWebSocket,
  type Verdict,
  warnOnStderr,
} from 'replay-proxy';
import { BodyCache } from './body-cache';
import { hearOut, listen } from './calls';
import type { Claims } from './claims';
import { Consumption } from './consumption';
import { NAME, serverReplayHooks, type ServerReplayHooks } from './hooks';
import { DEFAULTS, replayOptionsSchema, type ReplayValues } from './options';
import { recode } from './recode';
import { Replayable } from './replayable';
import { sourceName, type SourceProgress, Sources } from './sources';
import { streamed } from './streamed';
import { Turns } from './turns';
import { whyUnusable } from './usable';
import { openingResponse } from './web-socket/handshake';
import { Overheard } from './web-socket/overheard';
import { type ServeOptions, servingOf } from './web-socket/serve'; // late

/** What ServerReplay is made of. */
export interface ServerReplayOptions extends Partial<ReplayValues> {
  /** Hears how far each file has been read. */
  readonly onProgress?: SourceProgress;
  /** Takes one line about a recording: what was skipped, what cannot answer. Standard error unless told. */
  readonly warn?: (line: string) => void;
  /** Who has used what; in memory unless told. */
  readonly claims?: Claims;
  /** Epoch milliseconds; the system's clock unless told. */
  readonly now?: () => number;
  /** Milliseconds that the first message of a gRPC call may take to arrive (408), as `limits.requestBody`. */
  readonly firstMessage?: number;
  /** Bytes of the longest body that is decoded for a client that does not take its coding. */
  readonly decodedBody?: number;
}

/**
 * Answers requests from recordings: `new ServerReplay({ from: ['shop.har'], ignore: ['query.utm_*'] })`.
 *
 * A request that nobody else answers is compared with the recorded ones, and the response of the one whose turn it is goes out.
 */
export class ServerReplay implements Addon {
  /** What others can change: how requests are told apart, which entry answers. */
  static hooks(proxy: object): ServerReplayHooks {
    return serverReplayHooks(proxy);
  }

  readonly name = NAME;
  readonly #sources: Sources;
  readonly #consumption: Consumption;
  readonly #turns: Turns;
  readonly #overheard = new Overheard();
  readonly #bodies = new BodyCache();
  readonly #patience: number;
  readonly #decodedBody: number;
  #origins: readonly string[] = [];
  #values: ReplayValues;
  #replayable: Replayable;
  #hooks: ServerReplayHooks | undefined;
  #proxy: MitmProxy | undefined;
  #isLoaded = false;
  #isClosed = false;
  #changes: Promise<void> = Promise.resolve();

  /** @throws ConfigError for a facet name that is none. */
  constructor(options: ServerReplayOptions = {}) {
    const { onProgress, warn, claims, now, firstMessage, decodedBody, ...values } = options;
    this.#decodedBody = decodedBody ?? DEFAULT_LIMITS.decodedBody;
    this.#patience = firstMessage ?? DEFAULT_LIMITS.requestBody;
    this.#sources = new Sources(warn ?? warnOnStderr, onProgress);
    this.#consumption = new Consumption(claims, now);
    this.#turns = new Turns(this.#consumption, () => ({ replayable: this.#replayable, hooks: this.#hooks }));
    this.#values = { ...DEFAULTS, ...values };
    this.#replayable = new Replayable({ flows: [], unusable: [] }, this.#values, undefined);
  }

  get options(): AddonOptions<ReplayValues> {
    return { schema: replayOptionsSchema, values: this.#values };
  }

  /** The entries that can answer, in recorded order. */
  get entries(): readonly RecordedFlow[] {
    return this.#replayable.flows;
  }

  /** The entries that have answered nobody, or not that session (empty: the default one). */
  unusedBy(session?: string): RecordedFlow[] {
    if (session === undefined) return this.entries.filter((entry) => !this.#consumption.isUsed(entry));
    return this.#replayable
      .visibleTo(session)
      .filter((entry) => this.#consumption.uses(session, entry) === 0);
  }

  /** How many entries have answered nobody. */
  get remaining(): number {
    return this.unusedBy().length;
  }

  apply(proxy: MitmProxy): void {
    this.#proxy = proxy;
    this.#hooks = serverReplayHooks(proxy);
    const { start, stop, requestHeaders, request, response, error, complete } = proxy.hooks;
    start.tap(NAME, () => this.load());
    stop.tap({ name: NAME, stage: 100 }, () => {
      this.#isClosed = true;
      this.#sources.close();
    });
    // A call has time limits of its own.
    requestHeaders.tap({ name: NAME, stage: 100, timeout: Infinity }, (flow) => {
      if (this.#values.from.length > 0) flow.keepRequest();
      const { request } = flow;
      return isGrpc(request.headers) && this.#replayable.hasCalls(request.path)
        ? listen(request.body, this.#patience, flow.signal)
        : undefined;
    });
    request.tap({ name: NAME, stage: 100 }, (flow) => this.#answer(flow));
    // Behind those who change a body: they see it whole.
    response.tap({ name: NAME, stage: 900, timeout: Infinity }, (sent, flow) => {
      const { recorded, request } = flow;
      if (!recorded) return undefined;
      const result = streamed(sent, recorded, flow, this.#values.speed);
      return isGrpc(request.headers) ? hearOut(flow, recorded).then(() => result) : result;
    });
    this.#overheard.listen(proxy.hooks, NAME);
    // The client gets something else instead of the recorded response.
    error.tap({ name: NAME, stage: -Infinity }, (_error, flow) => this.#turns.giveBack(flow));
    complete.tap(NAME, (flow) =>
      flow.headSentAt === undefined ? this.#turns.giveBack(flow) : this.#turns.keep(flow),
    );
  }

  /**
   * Opens the recordings; the `start` hook does it, too.
   * @throws RecordingError for a file that cannot be read, ConfigError for a facet name that is none.
   */
  load(): Promise<void> {
    this.#isLoaded = true;
    return this.configure(this.#values);
  }

  /**
   * Takes other values for requests to come; entries that are used stay used. Nothing changes when it throws.
   * @throws RecordingError for a file that cannot be read, ConfigError for a facet name that is none.
   */
  async configure(values: ReplayValues): Promise<void> {
    const change = this.#changes.then(() => this.#change(values));
    this.#changes = change.catch(() => {});
    await change;
  }

  /** One more entry, recorded just now, that counts as used by `session`; nothing happens where no entry is used twice, or it cannot answer. */
  async add(entry: RecordedFlow, session: string): Promise<void> {
    const { reuse } = this.#replayable.policyOf(entry.request);
    const isAtHand = [entry.request.body, entry.response?.body].every((body) => body?.kind === 'memory');
    if (reuse === 'never' || !isAtHand || whyUnusable(entry) !== undefined) return;
    this.#sources.add(entry);
    this.#replayable.add(entry);
    await this.#consumption.tryTake(session, entry, reuse);
  }

  async #change(values: ReplayValues): Promise<void> {
    // Only now is it known who else names facets.
    if (this.#isLoaded && !this.#hooks?.identify.taps.length)
      refuseUnknownRoots([...values.ignore, ...values.rules.flatMap(({ ignore = [] }) => ignore)]);
    const loaded = this.#isLoaded ? await this.#sources.load(values.from) : { flows: [], unusable: [] };
    this.#replayable = new Replayable(loaded, values, this.#hooks?.identify);
    this.#values = values;
    this.#prepare(this.#replayable);
    for (const origin of this.#origins) this.#proxy?.origins.delete(origin);
    this.#origins = originsOf(loaded.flows);
    for (const origin of this.#origins) this.#proxy?.origins.add(origin);
  }

  #prepare(replayable: Replayable): void {
    replayable
      .prepare(() => this.#replayable !== replayable || this.#isClosed)
      // Whatever it is, it happens again to the request that needs it, and is told there.
      .catch(() => {});
  }

  #answer(flow: Flow): Awaitable<Verdict | undefined> {
    const entry = this.#turns.take(flow);
    return isThenable(entry) ? entry.then((taken) => this.#verdict(flow, taken)) : this.#verdict(flow, entry);
  }

  #verdict(flow: Flow, entry: RecordedFlow | undefined): Verdict | undefined {
    if (!entry) return undefined;
    if (entry.webSocket) {
      const response = openingResponse(entry, flow.request);
      return serveWebSocket(servingOf(entry, this.#serveOptions(flow)), { response, recorded: entry });
    }
    const { response, note } = recode(entry, flow.request, { most: this.#decodedBody, bodies: this.#bodies });
    if (note !== undefined) flow.notes.push(note);
    return respond(response, entry);
  }

  #serveOptions({ request }: Flow): ServeOptions {
    const { speed, ignore, from } = this.#values;
    return {
      speed,
      policy: this.#replayable.policyOf(request),
      ignore,
      sources: from.map(sourceName),
      entries: this.entries.length,
      matchMessage: this.#hooks?.matchMessage,
      overheard: this.#overheard,
    };
  }
}

function originsOf(flows: readonly RecordedFlow[]): string[] {
  const origins = new Set<string>();
  let last: HttpRequest | undefined;
  for (const { request } of flows) {
    const { scheme, host, port } = request;
    if (scheme === last?.scheme && host === last.host && port === last.port) continue;
    origins.add(request.origin);
    last = request;
  }
  return [...origins];
}
