import { isAction } from '../../addons/kill-unmatched/unmatched';
import { REUSES } from '../../addons/server-replay/reuse';
import { parseOrigin } from '../http/authority';
import { isToken } from '../http/headers';
import { isAddonInput } from './addon-input';
import { type ReplayConfig, FAILINGS, RECORD_MODES } from './define-config';
import { withoutUndefined } from './without-undefined';

type Test = (value: unknown) => boolean;

const flag: Test = (value) => typeof value === 'boolean';
const text: Test = (value) => typeof value === 'string' && value !== '';
const port: Test = (value) =>
  Number.isInteger(value) && (value as number) >= 0 && (value as number) <= 65_535;
const speed: Test = (value) => Number.isFinite(value) && (value as number) >= 0;
/** Of a kind that the schema is asked about. */
const left: Test = () => false;
const oneOf =
  (words: readonly string[]): Test =>
  (value) =>
    words.includes(value as string);
const listOf =
  (test: Test): Test =>
  (value) =>
    Array.isArray(value) && [...(value as unknown[])].every(test);
const section =
  (tests: Readonly<Record<string, Test>>): Test =>
  (value) =>
    isPlainObject(value) &&
    Object.entries(value).every(
      ([key, inner]) => Object.hasOwn(tests, key) && (inner === undefined || tests[key]!(inner)),
    );

/** What most configs and command lines say. Stricter than the schema, never laxer. */
const isPlain = section({
  listen: section({ host: text, port, proxyAuth: text, http2: flag, allowLan: flag, allowPublic: flag }),
  listeners: left,
  mode: section({ reverse: isOrigin, keepHost: flag }),
  replay: section({
    from: listOf(text),
    headers: listOf((value) => typeof value === 'string' && isToken(value)),
    ignore: listOf(text),
    reuse: oneOf(REUSES),
    speed,
    rules: left,
  }),
  refresh: flag,
  unmatched: (value) => isAction(value) || typeof value === 'function',
  ignoreHosts: left,
  sessions: (value) => value === 'required' || flag(value),
  offline: flag,
  record: section({
    to: (value) => typeof value === 'string' && /^\+?[^+]/.test(value),
    mode: oneOf(RECORD_MODES),
    fresh: flag,
    redact: listOf(text),
  }),
  report: text,
  failOn: listOf(oneOf(FAILINGS)),
  upstream: section({
    insecure: flag,
    http2: flag,
    ca: text,
    cert: text,
    key: text,
    clientCertificates: left,
    proxy: left,
    noProxy: left,
  }),
  authority: text,
  limits: left,
  hookTimeout: left,
  addons: listOf(isAddonInput),
});

/**
 * A config that is right at first sight; undefined when only the schema can tell, which takes 50 ms to load.
 * It says what is wrong, too, and stays the law: what passes here passes there, and comes out the same.
 */
export function plainConfig(values: unknown): ReplayConfig | undefined {
  return isPlain(values) ? (withoutUndefined(values as object) as ReplayConfig) : undefined;
}

function isPlainObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

function isOrigin(value: unknown): boolean {
  try {
    return typeof value === 'string' && parseOrigin(value) !== undefined;
  } catch {
    return false;
  }
}
