import { HttpResponse, isHttpResponse } from '../http/response';
import type { RecordedFlow } from '../recording/recorded-flow';
import type { Flow } from './flow';
import type { WebSocketEnd } from './web-socket';

const BRAND = Symbol.for('replay-proxy.verdict');

/** What is to happen with a request: a value that a hook returns. Made by `respond`, `forward` and `kill`. */
export type Verdict = Respond | Forward | Kill;

/** What all verdicts have. */
interface Decision {
  readonly [BRAND]: true;
  /** The addon that decided, where it is not the one whose tap returned the verdict. */
  readonly by?: string;
}

/** Answer without contacting upstream. */
export interface Respond extends Decision {
  readonly kind: 'respond';
  readonly response: HttpResponse;
  /** The exchange that the response was taken from, if it was recorded. */
  readonly recorded: RecordedFlow | undefined;
  /** Plays the server of the WebSocket that is opened with this answer; settles when it has no more to do. */
  readonly serve?: WebSocketServing;
}

/** Plays a WebSocket's server for the client at the other end. */
export type WebSocketServing = (client: WebSocketEnd, flow: Flow) => Promise<void>;

/** Ask upstream. */
export interface Forward extends Decision {
  readonly kind: 'forward';
}

/** End the exchange without a byte of a response, and without contacting upstream. */
export interface Kill extends Decision {
  readonly kind: 'kill';
  readonly reason: string;
}

/**
 * Answer with `response`. With `recorded` it counts as replayed and its dates are refreshed.
 * @throws TypeError when `response` is no HttpResponse.
 */
export function respond(response: HttpResponse, recorded?: RecordedFlow): Respond {
  if (!isHttpResponse(response)) throw new TypeError('respond() takes an HttpResponse');
  return { [BRAND]: true, kind: 'respond', response, recorded };
}

/**
 * Open the WebSocket that is asked for, and be its server: `serve` talks to the client. Without a `response` it is a plain 101; what the
 * handshake needs (RFC 6455 §4.2.2) is added to either.
 */
export function serveWebSocket(
  serve: WebSocketServing,
  {
    response = new HttpResponse({ status: 101 }),
    recorded,
  }: Partial<Pick<Respond, 'response' | 'recorded'>> = {},
): Respond {
  return { ...respond(response, recorded), serve };
}

/** Ask upstream, also under kill. */
export function forward(): Forward {
  return { [BRAND]: true, kind: 'forward' };
}

/** End the exchange; `reason` is for logs. */
export function kill(reason = 'killed by an addon'): Kill {
  return { [BRAND]: true, kind: 'kill', reason };
}

/** The same verdict, decided by the addon of that name: for addons that let others decide. */
export function attributed(verdict: Verdict, by: string): Verdict {
  return { ...verdict, by };
}

/** True for a verdict of any copy of this package. */
export function isVerdict(value: unknown): value is Verdict {
  return typeof value === 'object' && value !== null && (value as { [BRAND]?: unknown })[BRAND] === true;
}
