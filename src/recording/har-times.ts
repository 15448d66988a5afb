import { numberOf, objectIn, type JsonObject } from './json-value';

/** The moments of an exchange, in epoch milliseconds. */
export interface ExchangeTimes {
  readonly requestStart: number;
  readonly requestEnd: number | undefined;
  /** When the headers of the response had arrived. */
  readonly responseStart: number | undefined;
  readonly responseEnd: number | undefined;
}

/** The times of a HAR entry; `fallback` is asked when its `startedDateTime` is missing or no date. */
export function readTimes(entry: JsonObject, fallback: () => number): ExchangeTimes {
  const started = startOf(entry);
  const derived = derive(started ?? fallback(), objectIn(entry, 'timings'), numberOf(entry['time']));
  const exact = objectIn(entry, '_replay')?.['times'];
  if (!Array.isArray(exact) || started === undefined) return derived;
  const [requestStart, ...rest] = (exact as unknown[]).map(numberOf);
  if (requestStart === undefined || Math.floor(requestStart) !== Math.floor(started)) return derived;
  return { requestStart, requestEnd: rest[0], responseStart: rest[1], responseEnd: rest[2] };
}

/** Epoch milliseconds of `startedDateTime`; undefined when it is missing or no date. */
export function startOf(entry: JsonObject): number | undefined {
  const started = entry['startedDateTime'];
  const time = typeof started === 'string' ? Date.parse(started) : NaN;
  return Number.isNaN(time) ? undefined : time;
}

/** The time fields of a HAR entry, and the exact times if these fields do not give them back. */
export function writeTimes(times: ExchangeTimes): {
  startedDateTime: string;
  time: number;
  timings: { blocked: -1; dns: -1; connect: -1; ssl: -1; send: number; wait: number; receive: number };
  exact?: readonly (number | null)[];
} {
  const { requestStart, requestEnd, responseStart, responseEnd } = times;
  const started = new Date(Math.abs(requestStart) <= 8.64e15 ? requestStart : 0);
  const send = span(requestStart, requestEnd);
  const wait = span(requestStart + send, responseStart);
  const receive = span(responseStart, responseEnd);
  const timings = { blocked: -1, dns: -1, connect: -1, ssl: -1, send, wait, receive } as const;
  const fields = { startedDateTime: started.toISOString(), time: send + wait + receive, timings };
  const derived = derive(started.getTime(), timings, fields.time);
  const same =
    derived.requestStart === requestStart &&
    derived.requestEnd === requestEnd &&
    (responseStart === undefined
      ? responseEnd === undefined
      : derived.responseStart === responseStart && derived.responseEnd === responseEnd);
  if (same) return fields;
  return { ...fields, exact: [requestStart, requestEnd ?? null, responseStart ?? null, responseEnd ?? null] };
}

/** HAR 1.2: a part that does not apply is -1, and `ssl` is inside `connect`. */
function derive(
  requestStart: number,
  timings: JsonObject | undefined,
  time: number | undefined,
): ExchangeTimes {
  const part = (key: string): number => Math.max(0, numberOf(timings?.[key]) ?? 0);
  const requestEnd = requestStart + part('blocked') + part('dns') + part('connect') + part('send');
  const responseStart = requestEnd + part('wait');
  const responseEnd = timings ? responseStart + part('receive') : requestStart + Math.max(0, time ?? 0);
  return { requestStart, requestEnd, responseStart, responseEnd };
}

function span(from: number | undefined, to: number | undefined): number {
  return from === undefined || to === undefined ? 0 : Math.max(0, to - from);
}
