import { AsyncSeriesWaterfallHook, HookMap, SyncBailHook, SyncWaterfallHook } from 'tapable';
import {
  type Addon,
  addonHooks,
  type Awaitable,
  Body,
  decodeContent,
  DEFAULT_LIMITS,
  type Flow,
  guard,
  guardSync,
  type HttpHeaders,
  type HttpResponse,
  type MitmProxy,
  ReplayError,
  SetCookie,
} from 'replay-proxy';
import { refreshCookie, refreshDate, timeShift, type TimeShift } from './move-dates';
import { MovedHeaders } from './moved-headers';

const NAME = 'ResponseRefresh';
const DATED = ['date', 'expires', 'last-modified'];

/** The hooks that ResponseRefresh offers; each is asked for replayed responses only. */
export interface ResponseRefreshHooks {
  /** By lower-case header name: the new value of one line, null to drop the line. `date`, `expires` and `last-modified` have a default. */
  readonly header: HookMap<SyncBailHook<[value: string, shift: TimeShift], string | null | void>>;
  /** One `Set-Cookie` line; the default, which moves its `Expires`, is the first tap. */
  readonly cookie: SyncWaterfallHook<[cookie: SetCookie, shift: TimeShift], SetCookie | void>;
  /** The decoded content; a body that is changed goes out without a content coding. */
  readonly body: AsyncSeriesWaterfallHook<
    [content: Buffer, shift: TimeShift, flow: Flow],
    Awaitable<Buffer | void>
  >;
}

interface Hooks extends ResponseRefreshHooks {
  /** Nobody else has tapped `header` or `cookie`: what becomes of a line depends on the line and the shift only. */
  readonly hasOnlyDefaults: boolean;
}

const hooksOf = addonHooks<Hooks>(NAME, () => {
  let taps = 0;
  const counted = {
    register: <T>(tap: T): T => {
      taps += 1;
      return tap;
    },
  };
  const header: ResponseRefreshHooks['header'] = new HookMap((name: string) => {
    const hook = new SyncBailHook<[value: string, shift: TimeShift], string | null | void>([
      'value',
      'shift',
    ]);
    hook.intercept(counted);
    return guardSync(`${NAME}.header.${name}`, hook, {
      check: (value) => value === null || typeof value === 'string',
      wants: 'a string, or null to drop the line',
    });
  });
  const cookie: ResponseRefreshHooks['cookie'] = guardSync(
    `${NAME}.cookie`,
    new SyncWaterfallHook(['cookie', 'shift']),
    { check: (value) => typeof (value as SetCookie)?.with === 'function', wants: 'a SetCookie' },
  );
  cookie.intercept(counted);
  for (const name of DATED) header.for(name).tap({ name: NAME, stage: 100 }, refreshDate);
  cookie.tap({ name: NAME, stage: -100 }, refreshCookie);
  const defaults = taps;
  const body: ResponseRefreshHooks['body'] = guard(
    `${NAME}.body`,
    new AsyncSeriesWaterfallHook(['content', 'shift', 'flow']),
    { timeout: 10_000 },
    { check: Buffer.isBuffer, wants: 'a Buffer' },
  );
  return {
    header,
    cookie,
    body,
    get hasOnlyDefaults() {
      return taps === defaults;
    },
  };
});

/** Moves the dates of replayed responses to now: what was fresh when recorded is fresh again. */
export class ResponseRefresh implements Addon {
  /** The hooks of the ResponseRefresh that `proxy` has or will have. */
  static hooks(proxy: MitmProxy): ResponseRefreshHooks {
    return hooksOf(proxy);
  }

  readonly name = NAME;
  #enabled: boolean;
  readonly #now: () => number;
  readonly #decodedBody: number;

  /** `decodedBody`: bytes of the longest body that is decoded for taps of `body`. */
  constructor(options: { enabled?: boolean; now?: () => number; decodedBody?: number } = {}) {
    this.#decodedBody = options.decodedBody ?? DEFAULT_LIMITS.decodedBody;
    this.#enabled = options.enabled ?? true;
    this.#now = options.now ?? Date.now;
  }

  get options() {
    return { schema: { parse: parseOptions }, values: { enabled: this.#enabled } };
  }

  configure({ enabled }: { enabled: boolean }): void {
    this.#enabled = enabled;
  }

  apply(proxy: MitmProxy): void {
    const hooks = hooksOf(proxy);
    const moved = new MovedHeaders();
    // The taps of `body` have time limits of their own.
    proxy.hooks.response.tap({ name: NAME, stage: -100, timeout: Infinity }, (response, flow) => {
      const { recorded } = flow;
      const recordedAt = recorded?.response?.startedAt;
      if (!this.#enabled || !recorded || !recordedAt) return undefined;
      const shift = timeShift(recordedAt, this.#now());
      const move = (headers: HttpHeaders) => refreshHeaders(headers, shift, hooks);
      if (!hooks.hasOnlyDefaults) move(response.headers);
      else response.headers = moved.of(recorded, response.headers, shift.delta, move);
      flow.notes.push('refreshed');
      return hooks.body.taps.length === 0
        ? undefined
        : refreshBody(response, shift, flow, hooks, this.#decodedBody);
    });
  }
}

function refreshHeaders(
  headers: HttpHeaders,
  shift: TimeShift,
  { header, cookie }: ResponseRefreshHooks,
): void {
  headers.rewrite((name, value) => {
    const key = name.toLowerCase();
    const next = header.get(key)?.call(value, shift);
    if (next === null) return null;
    const kept = next ?? value;
    return key === 'set-cookie' ? String(cookie.call(SetCookie.parse(kept), shift)) : kept;
  });
}

async function refreshBody(
  response: HttpResponse,
  shift: TimeShift,
  flow: Flow,
  { body }: ResponseRefreshHooks,
  most: number,
): Promise<void> {
  if (response.body.kind === 'stream') return;
  if ((response.body.length ?? 0) > most)
    throw new ReplayError(
      `a body of more than ${most} bytes is not read for the taps of ${NAME}.body; raise limits.decodedBody`,
      { code: 'ERR_CONTENT_CODING' },
    );
  const coding = response.headers.folded('content-encoding');
  const content = decodeContent(await response.body.bytes(), coding, most);
  // A tap may write into what it gets: never into the recording, and to be seen all the same.
  const next = (await body.promise(Buffer.from(content), shift, flow)) as Buffer;
  if (next.equals(content)) return;
  response.body = Body.from(next);
  response.headers.delete('content-encoding');
}

function parseOptions(values: unknown): { enabled: boolean } {
  const { enabled } = values as { enabled?: unknown };
  if (typeof enabled !== 'boolean')
    throw new TypeError(`enabled is true or false, not ${JSON.stringify(enabled)}`);
  return { enabled };
}
