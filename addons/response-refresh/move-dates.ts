import { formatHttpDate, parseHttpDate, type SetCookie } from 'replay-proxy';

const EVER = Date.parse('0001-01-01T00:00:00Z');
const NEVER = Date.UTC(9999, 0, 1);

/** How far time has moved since a response was recorded. */
export interface TimeShift {
  /** Epoch milliseconds when the recorded response's headers had arrived. */
  readonly recordedAt: number;
  /** Epoch milliseconds. */
  readonly now: number;
  /** Milliseconds from then to now, whole seconds. */
  readonly delta: number;
}

/** The shift from `recordedAt` to `now`, floored to whole seconds so that all dates of a response move alike. */
export function timeShift(recordedAt: number, now: number): TimeShift {
  return { recordedAt, now, delta: Math.floor((now - recordedAt) / 1000) * 1000 };
}

/** The default of the `header` hook: a date moved by the shift; what is no date, or means "never", as it was. */
export function refreshDate(value: string, { delta }: TimeShift): string {
  const date = parseHttpDate(value);
  if (date === undefined || date >= NEVER) return value;
  const moved = date + delta;
  return moved >= EVER && moved < NEVER ? formatHttpDate(moved) : value;
}

/** The default of the `cookie` hook: `Expires` moved by the shift, the rest of the line byte for byte as it was. */
export function refreshCookie(cookie: SetCookie, shift: TimeShift): SetCookie {
  const expires = cookie.get('expires');
  if (expires === undefined) return cookie;
  const [, open = '', date = '', close = ''] = /^("?)(.*?)("?)$/s.exec(expires) ?? [];
  const moved = refreshDate(date, shift);
  return moved === date ? cookie : cookie.with('expires', open + moved + close);
}
