import { isHttpResponse, type HttpResponse } from '../http/response';
import type { RecordedFlow } from '../recording/recorded-flow';

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
}

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
