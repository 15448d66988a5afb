import { parseHttpDate } from '../http/http-date';
import { SetCookie } from '../http/set-cookie';
import { toldText } from './place-of';
import type { Findings } from './findings';
import type { Reading } from './reading';

const PLACE = 'response.header.set-cookie';

/** Finds cookies that have expired since they were recorded; one that was expired even then was deleted on purpose. */
export function findExpiredCookies({ flow }: Reading, now: number, found: Findings): void {
  const { request, response } = flow;
  if (!response?.headers.has('set-cookie')) return;
  const dated = parseHttpDate(response.headers.get('date') ?? '');
  const recordedAt = response.startedAt || request.startedAt || dated || 0;
  for (const line of response.headers.getAll('set-cookie')) {
    const cookie = SetCookie.parse(line);
    const expiry = cookieExpiry(cookie);
    if (expiry === undefined || expiry <= recordedAt || expiry > now) continue;
    found.add(flow.number, {
      kind: 'expired',
      place: PLACE,
      what: 'sets cookies that have expired:',
      detail: toldText(cookie.name) || '(without a name)',
      suggestion: 'keep refresh on: it moves Expires to now',
    });
  }
}

/**
 * Epoch milliseconds at which a cookie expires, whenever it comes; undefined for one of a session, and one with Max-Age, which clients count
 * anew from the replay and prefer (RFC 6265 §5.3, step 3).
 */
export function cookieExpiry(cookie: SetCookie): number | undefined {
  if (/^-?\d+$/.test(cookie.get('max-age') ?? '')) return undefined;
  return parseHttpDate((cookie.get('expires') ?? '').replace(/^"|"$/g, ''));
}
