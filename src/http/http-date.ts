const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** Minutes east of GMT of the zone names that RFC 5322 §4.3 keeps alive. */
const ZONES: ReadonlyMap<string, number> = new Map([
  ...['gmt', 'utc', 'ut'].map((name) => [name, 0] as const),
  ...[
    ['edt', -4],
    ['est', -5],
    ['cdt', -5],
    ['cst', -6],
    ['mdt', -6],
    ['mst', -7],
    ['pdt', -7],
    ['pst', -8],
  ].map(([name, hours]) => [String(name), Number(hours) * 60] as const),
]);

const WEEKDAY = '(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?(?:,\\s*|\\s+))?';
const MONTH = `(?<month>${MONTHS.join('|')})[a-z]{0,6}`;
const TIME = '(?<hour>\\d{1,2}):(?<minute>\\d\\d):(?<second>\\d\\d)';
const ZONE = '(?:\\s+(?<zone>[a-z]{2,3}|[+-]\\d{4}))?';

/** `Sun, 06 Nov 1994 08:49:37 GMT`, `Sunday, 06-Nov-94 08:49:37 GMT`, and what is between the two. */
const DAY_FIRST = new RegExp(
  `^${WEEKDAY}(?<day>\\d{1,2})(?:-|\\s+)${MONTH}(?:-|\\s+)(?<year>\\d{4}|\\d\\d)(?:\\s+${TIME}${ZONE})?$`,
  'i',
);

/** `Sun Nov  6 08:49:37 1994` */
const ASCTIME = new RegExp(
  `^${WEEKDAY}${MONTH}\\s+(?<day>\\d{1,2})\\s+${TIME}\\s+(?<year>\\d{4})${ZONE}$`,
  'i',
);

/** Longer than any date; keeps the work on hostile input constant. */
const LONGEST_DATE = 64;

/**
 * Reads a date of an HTTP header or a cookie as epoch milliseconds, `undefined` if it is none.
 *
 * Beyond the three forms of RFC 9110 §5.6.7 it reads what servers really send: dashes with a four-digit year, no
 * weekday or a wrong one, no time (midnight), no zone (GMT), numeric zones and the American names. Two-digit years are
 * 2000 to 2068 and 1969 to 1999. A 31st of February or an hour 24 is no date; a leap second is one.
 */
export function parseHttpDate(text: string): number | undefined {
  if (text.length > LONGEST_DATE) return undefined;
  const trimmed = text.trim();
  const found = (DAY_FIRST.exec(trimmed) ?? ASCTIME.exec(trimmed))?.groups;
  if (found === undefined) return undefined;
  const { day = '', month = '', year = '', hour = '0', minute = '0', second = '0', zone = 'gmt' } = found;
  const midnight = epochOfDay(fullYear(year), MONTHS.indexOf(month.toLowerCase()), Number(day));
  const offset = zoneMinutes(zone.toLowerCase());
  if (midnight === undefined || offset === undefined) return undefined;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 60) return undefined;
  return midnight + ((Number(hour) * 60 + Number(minute) - offset) * 60 + Number(second)) * 1000;
}

/**
 * Writes epoch milliseconds as an IMF-fixdate (RFC 9110 §5.6.7), the fraction of the second dropped.
 * @throws RangeError outside of the years 0000 to 9999, which the form cannot express
 */
export function formatHttpDate(ms: number): string {
  const date = new Date(ms);
  const year = date.getUTCFullYear();
  if (!(year >= 0 && year <= 9999)) {
    throw new RangeError(`${ms} ms is no time between the years 0 and 9999; an HTTP date cannot express it`);
  }
  return date.toUTCString();
}

function fullYear(digits: string): number {
  const year = Number(digits);
  if (digits.length > 2) return year;
  return year < 69 ? 2000 + year : 1900 + year;
}

/** Midnight GMT of a day, `undefined` for one that no calendar has. */
function epochOfDay(year: number, month: number, day: number): number | undefined {
  const date = new Date(0);
  // Date.UTC would take the years 0 to 99 for 1900 to 1999.
  date.setUTCFullYear(year, month, day);
  return date.getUTCMonth() === month && date.getUTCDate() === day ? date.getTime() : undefined;
}

function zoneMinutes(zone: string): number | undefined {
  const named = ZONES.get(zone);
  if (named !== undefined || !/^[+-]/.test(zone)) return named;
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(3));
  if (hours > 23 || minutes > 59) return undefined;
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes);
}
