import type { HttpRequest } from '../http/request';
import { looksRandom } from './looks-random';
import { timeIn } from './volatile-value';

/** The first are the likeliest to make a difference. */
const LIKELY = ['accept', 'accept-language', 'authorization'];
const OTHERS = /^(?:content-type|origin|prefer|x-.+)$/;
/** Others each time, whatever is asked for. */
const VOLATILE =
  /^x-(?:request-(?:id|start|time)|correlation-id|trace.*|b3-.*|amzn-trace-id|cloud-trace-context|datadog-.*|forwarded-.*|real-ip|timestamp|nonce)$/;

/**
 * The name, in lower case, of the request header that tells apart what was answered: all requests have it, and to one value there is one
 * answer. Undefined when there is none. `answers` are in the order of the requests.
 */
export function tellingHeader(
  requests: readonly HttpRequest[],
  answers: readonly string[],
): string | undefined {
  const names = new Set(Array.from(requests[0]?.headers ?? [], ([name]) => name.toLowerCase()));
  const likely = LIKELY.filter((name) => names.has(name));
  const others = [...names].filter((name) => OTHERS.test(name) && !VOLATILE.test(name)).sort();
  return [...likely, ...others].find((name) => tellsApart(name, requests, answers));
}

function tellsApart(name: string, requests: readonly HttpRequest[], answers: readonly string[]): boolean {
  const answerTo = new Map<string, string>();
  for (const [i, { headers }] of requests.entries()) {
    const value = headers.folded(name);
    if (value === undefined) return false;
    const known = answerTo.get(value);
    if (known !== undefined && known !== answers[i]) return false;
    if (name.startsWith('x-') && (looksRandom(value) || timeIn(value) !== undefined)) return false;
    answerTo.set(value, answers[i]!);
  }
  return true;
}
