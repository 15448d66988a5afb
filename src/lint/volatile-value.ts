import { parseHttpDate } from '../http/http-date';
import { jwtsIn } from './jwt';
import { wordsOf } from './name-words';
import { isUuid, looksRandom } from './looks-random';

/** A value that may be another one each time. */
export interface Suspect {
  /** What it is, as a noun phrase. */
  readonly noun: 'a timestamp' | 'a UUID' | 'a token' | 'a random value';
  /** Epoch milliseconds of a timestamp whose name does not say what it is for: it may be a date that means something. */
  readonly time?: number;
}

const SHORTEST = 6;
/** Units of a count since 1970, by its digits, in milliseconds. */
const UNITS: ReadonlyMap<number, number> = new Map([
  [10, 1000],
  [13, 1],
  [16, 1e-3],
  [19, 1e-6],
]);
const COUNT = /^(\d{10}|\d{13}|\d{16}|\d{19})(?:\.\d{1,9})?$/;
const ISO = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d(?::?\d\d)?)?)?$/;
const BASIC_ISO = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z?$/;

const BUSTERS = /^(?:_+|_dc|dc|cb|nc|cachebust(?:er)?|nocache|nonce|rand(?:om)?|rnd|r|timestamp|ts|t)$/i;
const BUSTER_VALUE = /^(?:\d{9,}|0?\.\d{6,}|(?=[^\d]*\d)(?=\d*[a-z])[a-z0-9]{8,})$/i;
/** What has one of these words stays the same for the same content, or for the same user. */
const CONSTANT_WORDS =
  /^(?:hash|sha|md|crc|digest|checksum|integrity|etag|version|v|ver|rev|revision|commit|build|password|secret)$/;
/** What has this name is the client's own and stays the same. */
const CLIENT_NAMES = /(?:^| )(?:api|site|public|publishable|access|app|client|application) ?(?:key|id)$/;

/** What is counted by ids that clients make up; those of other things are mostly the server's. */
const EVENTS =
  /^(?:request|trace|span|correlation|message|event|session|visit|visitor|view|impression|transaction|mutation|batch|anonymous|nonce)$/;

/** What a value of a query or a body may be that does not come again; undefined for what says the same each time. */
export function suspectIn(value: string, key: string): Suspect | undefined {
  if (value.length < SHORTEST) return undefined;
  const time = timeIn(value);
  if (time !== undefined) return BUSTERS.test(key) ? { noun: 'a timestamp' } : { noun: 'a timestamp', time };
  if (looksRandom(value)) {
    const words = wordsOf(key);
    if (isConstant(words)) return undefined;
    if (isUuid(value)) return { noun: 'a UUID' };
    return isOfThing(words) ? undefined : { noun: 'a random value' };
  }
  if (value.startsWith('eyJ') && jwtsIn(value).length > 0) return { noun: 'a token' };
  if (wordsOf(key).includes('nonce')) return { noun: 'a random value' };
  return BUSTERS.test(key) && BUSTER_VALUE.test(value) ? { noun: 'a random value' } : undefined;
}

/** The time that a text names as epoch milliseconds: a count since 1970, ISO 8601, or an HTTP date. */
export function timeIn(text: string): number | undefined {
  if (text.length > 40 || !/^\w/.test(text)) return undefined;
  const count = COUNT.exec(text);
  if (count) return Number(text) * UNITS.get(count[1]!.length)!;
  if (ISO.test(text)) {
    const isZoned = text.length <= 10 || /(?:Z|[+-]\d\d(?::?\d\d)?)$/.test(text.slice(10));
    return numberOf(Date.parse(text.replace(' ', 'T') + (isZoned ? '' : 'Z')));
  }
  const basic = BASIC_ISO.exec(text);
  if (basic) {
    const [year, month, day, hour, minute, second] = basic.slice(1).map(Number);
    return numberOf(Date.UTC(year!, month! - 1, day, hour, minute, second));
  }
  return text.includes(':') ? parseHttpDate(text) : undefined;
}

function numberOf(time: number): number | undefined {
  return Number.isNaN(time) ? undefined : time;
}

function isConstant(words: readonly string[]): boolean {
  return words.some((word) => CONSTANT_WORDS.test(word)) || CLIENT_NAMES.test(words.join(' '));
}

function isOfThing(words: readonly string[]): boolean {
  return words.at(-1) === 'id' && !words.some((word) => EVENTS.test(word));
}
