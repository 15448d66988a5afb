import { formatHttpDate, parseHttpDate, remembered, SetCookie } from 'replay-proxy';

const EVER = Date.parse('0001-01-01T00:00:00Z');
const NEVER = Date.UTC(9999, 0, 1);
/** Lines. */
const REMEMBERED = 10_000;

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
export function refreshDate(value: string, shift: TimeShift): string {
  return movedDate(value, shift);
}

/** The default of the `cookie` hook: `Expires` moved by the shift, the rest of the line byte for byte as it was. */
export function refreshCookie(cookie: SetCookie, shift: TimeShift): SetCookie {
  const expires = cookie.get('expires');
  if (expires === undefined) return cookie;
  const [, open = '', date = '', close = ''] = /^("?)(.*?)("?)$/s.exec(expires) ?? [];
  const moved = refreshDate(date, shift);
  return moved === date ? cookie : cookie.with('expires', open + moved + close);
}

const movedDate = oncePerShift((value, { delta }) => {
  const date = parseHttpDate(value);
  if (date === undefined || date >= NEVER) return value;
  const moved = date + delta;
  return moved >= EVER && moved < NEVER ? formatHttpDate(moved) : value;
});

/** `refreshCookie` from line to line. */
export const movedCookie = oncePerShift((line, shift) => String(refreshCookie(SetCookie.parse(line), shift)));

/** Remembers what a line came to until the second is over: the same ones are asked for over and over. */
function oncePerShift(move: (value: string, shift: TimeShift) => string) {
  const latest = remembered((_value: string) => ({ delta: NaN, moved: '' }), REMEMBERED);
  return (value: string, shift: TimeShift): string => {
    const line = latest(value);
    if (line.delta === shift.delta) return line.moved;
    line.delta = shift.delta;
    return (line.moved = move(value, shift));
  };
}
