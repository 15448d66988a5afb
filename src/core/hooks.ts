import { AsyncSeriesBailHook, AsyncSeriesHook, AsyncSeriesWaterfallHook } from 'tapable';
import { isHttpRequest, type HttpRequest } from '../http/request';
import { isHttpResponse, type HttpResponse } from '../http/response';
import type { Flow } from './flow';
import { guard, type Expected, type GuardOptions, type TapOptions } from './guard';
import type { Tunnel, TunnelVerdict } from './tunnel';
import { isVerdict, type Verdict } from './verdict';
import { isWebSocketMessage, type WebSocketClose, type WebSocketMessage } from './web-socket';

/** A value, or a promise of it. */
export type Awaitable<T> = T | PromiseLike<T>;

/** Asks each tap in turn; the first that returns something has decided. `undefined`, `null` and `false` mean "not me". */
export type Ask<A extends unknown[], R> = AsyncSeriesBailHook<
  A,
  Awaitable<R | void | undefined | null | false>,
  TapOptions
>;

/** Passes its first argument from tap to tap; a tap returns the next value, or nothing to keep it. */
export type Change<A extends [unknown, ...unknown[]]> = {
  promise(...args: A): Promise<A[0]>;
} & AsyncSeriesWaterfallHook<A, Awaitable<A[0] | void>, TapOptions>;

/** Tells each tap in turn. */
export type Tell<A extends unknown[]> = AsyncSeriesHook<A, TapOptions>;

/** The life of a proxy and of its flows. Taps run in the order of their `stage`, then in the order in which they were made. */
export interface ProxyHooks {
  /** The address is taken, no request is served yet: load what you need. A throw ends the start. */
  readonly start: Tell<[]>;
  /** No flow is open any more: write what you hold. Every tap gets its turn, whatever another throws. */
  readonly stop: Tell<[]>;
  /** A CONNECT, or a client of SOCKS5, asks for a tunnel: `'intercept'` (the default) ends TLS here, `'tunnel'` passes bytes to upstream unseen, a `kill()` or `respond()` refuses. */
  readonly connect: Ask<[tunnel: Tunnel], TunnelVerdict>;
  /** The head of a request is here, its body is not. A verdict decides now, and the body is streamed. */
  readonly requestHeaders: Ask<[flow: Flow], Verdict>;
  /**
   * The whole request is here, but for the body of a gRPC call, of one that was to be streamed, and of one longer than what is held that
   * nobody asked for whole (`flow.keepRequest()`). A verdict decides; without one, `unmatched` is asked.
   */
  readonly request: Ask<[flow: Flow], Verdict>;
  /** Nobody had an answer. Without a verdict the request is forwarded. */
  readonly unmatched: Ask<[flow: Flow], Verdict>;
  /** Upstream is about to be contacted, with this copy of the request. */
  readonly forward: Change<[request: HttpRequest, flow: Flow]>;
  /** A response has its head, whoever gave it. `flow.stream('response')` lets its body pass unheld. */
  readonly responseHeaders: Tell<[response: HttpResponse, flow: Flow]>;
  /** Upstream's response as it came, frozen; a streamed body can be watched. */
  readonly received: Tell<[response: HttpResponse, flow: Flow]>;
  /** A response is about to go to the client; change it or return another. */
  readonly response: Change<[response: HttpResponse, flow: Flow]>;
  /** A WebSocket stands on both sides, no message has passed; `flow.webSocket` lets you talk on it. */
  readonly webSocketOpen: Tell<[flow: Flow]>;
  /**
   * A message is on its way to the other side: return a changed copy, or one with `dropped: true` to keep it back. Those of one side come
   * one after the other. A throw ends the WebSocket with 1011 and fails the flow.
   */
  readonly webSocketMessage: Change<[message: WebSocketMessage, flow: Flow]>;
  /** A WebSocket comes to its end, once; the client is about to see it. */
  readonly webSocketClose: Tell<[close: WebSocketClose, flow: Flow]>;
  /** Something above threw, or upstream failed. A response returned here goes out instead of the 502 or 504. */
  readonly error: Ask<[error: Error, flow: Flow], HttpResponse>;
  /** The flow has ended, whatever happened; once per flow. Every tap gets its turn; what one throws is only logged. */
  readonly complete: Tell<[flow: Flow]>;
}

/** What the hooks of a proxy are made with. */
export interface HookOptions extends Omit<GuardOptions, 'contain'> {
  /** Takes what a tap of `stop` or `complete` throws: there every tap gets its turn. */
  readonly contain: (hook: 'stop' | 'complete', error: Error) => void;
}

/** The hooks of one proxy, each tap guarded (see guard.ts). */
export function createProxyHooks({ contain, ...options }: HookOptions): ProxyHooks {
  const untimed: GuardOptions = { ...options, timeout: Infinity };
  const last = (hook: 'stop' | 'complete') => ({
    ...untimed,
    contain: (error: Error) => contain(hook, error),
  });
  const request = { check: isHttpRequest, wants: 'an HttpRequest' };
  const response = { check: isHttpResponse, wants: 'an HttpResponse' };
  const verdict = {
    check: isVerdict,
    wants: 'a verdict: respond(…), forward() or kill(…)',
    bails: true,
    taken: noteDecision,
  };
  const message = {
    check: isWebSocketMessage,
    wants: 'a message with from, opcode 1 or 2, and data, a Buffer',
  };
  const tunnel = {
    check: isTunnelVerdict,
    wants: "'intercept', 'tunnel', kill(…) or respond(…)",
    bails: true,
    taken: noteDecision,
  };

  const ask = <A extends unknown[], R>(
    name: string,
    args: readonly string[],
    expected: Expected,
  ): Ask<A, R> => guard(name, new AsyncSeriesBailHook(args as never), options, expected);
  const change = <A extends [unknown, ...unknown[]]>(
    name: string,
    args: readonly string[],
    expected: Expected,
  ): Change<A> => guard(name, new AsyncSeriesWaterfallHook(args as never) as Change<A>, options, expected);
  const tell = <A extends unknown[]>(name: string, args: readonly string[], limits = options): Tell<A> =>
    guard(name, new AsyncSeriesHook(args as never), limits);

  return {
    start: tell('start', [], untimed),
    stop: tell('stop', [], last('stop')),
    connect: ask('connect', ['tunnel'], tunnel),
    requestHeaders: ask('requestHeaders', ['flow'], verdict),
    request: ask('request', ['flow'], verdict),
    unmatched: ask('unmatched', ['flow'], verdict),
    forward: change('forward', ['request', 'flow'], request),
    responseHeaders: tell('responseHeaders', ['response', 'flow']),
    received: tell('received', ['response', 'flow']),
    response: change('response', ['response', 'flow'], response),
    webSocketOpen: tell('webSocketOpen', ['flow']),
    webSocketMessage: change('webSocketMessage', ['message', 'flow'], message),
    webSocketClose: tell('webSocketClose', ['close', 'flow']),
    error: ask('error', ['error', 'flow'], { ...response, bails: true }),
    complete: tell('complete', ['flow'], last('complete')),
  };
}

function noteDecision(value: unknown, addon: string, [about]: readonly unknown[]): void {
  (about as Flow | Tunnel).decidedBy = (isVerdict(value) && value.by) || addon;
}

function isTunnelVerdict(value: unknown): value is TunnelVerdict {
  return value === 'intercept' || value === 'tunnel' || (isVerdict(value) && value.kind !== 'forward');
}
