import { inspect } from 'node:util';
import { z } from 'zod';
import { ConfigError } from '../errors';
import type { ReplayConfig } from './define-config';
import { nearest } from './nearest';
import { configSchema } from './schema';
import { withoutUndefined } from './without-undefined';

/** How a message names the setting `key` (`replay.reuse`; empty for the whole): as the place where the user wrote it. */
export type NameSetting = (key: string) => string;

/**
 * A config that was checked whole; keys whose value is undefined are gone.
 * @throws ConfigError naming the first key or value that is wrong, and the nearest right one
 */
export function checkConfig(values: unknown, nameSetting: NameSetting): ReplayConfig {
  const result = configSchema.safeParse(values);
  if (result.success) return withoutUndefined(result.data) as ReplayConfig;
  const [issue] = result.error.issues;
  if (!issue) throw new ConfigError(`${nameSetting('')} is no config`);
  throw new ConfigError(sentence(issue, values, nameSetting), { cause: result.error });
}

function sentence(issue: z.core.$ZodIssue, values: unknown, nameSetting: NameSetting): string {
  const key = keyOf(issue.path);
  if (issue.code === 'unrecognized_keys') return unknownKey(key, issue.keys[0] ?? '', nameSetting);
  const inner = insideList(issue, values);
  if (inner) return sentence(inner, values, nameSetting);
  if (issue.code === 'custom' && issue.params?.['sentence']) return `${nameSetting(key)}: ${issue.message}`;
  const value = valueAt(issue.path, values);
  const meant = typeof value === 'string' ? nearest(value, choicesIn(issue)) : undefined;
  const hint = meant === undefined ? '' : `; did you mean ${meant}?`;
  return `${nameSetting(key)} is ${show(value)}, but must be ${issue.message}${hint}`;
}

/** What is wrong inside a list that one of several kinds of values may be. */
function insideList(issue: z.core.$ZodIssue, values: unknown): z.core.$ZodIssue | undefined {
  if (issue.code !== 'invalid_union' || !Array.isArray(valueAt(issue.path, values))) return undefined;
  const inner = issue.errors.flat().find(({ path }) => path.length > 0);
  return inner && { ...inner, path: [...issue.path, ...inner.path] };
}

function valueAt(path: readonly PropertyKey[], values: unknown): unknown {
  return path.reduce<unknown>((at, step) => (at as Record<PropertyKey, unknown>)[step], values);
}

function unknownKey(section: string, key: string, nameSetting: NameSetting): string {
  const below = (at: string) => (at === '' ? '' : `${at}.`);
  const at = below(section.replace(/\[\d+\]/g, '[]'));
  const all = keysIn(configSchema);
  const lastName = (path: string) => path.slice(path.lastIndexOf('.') + 1);
  const beside = all
    .filter((path) => path.startsWith(at))
    .map((path) => path.slice(at.length).replace(/[.[].*/, ''));
  const meant = nearest(key, beside);
  const elsewhere = all.find((path) => lastName(path) === key);
  const near = nearest(key, all.map(lastName));
  const right = elsewhere ?? (meant === undefined ? all.find((path) => lastName(path) === near) : at + meant);
  const hint =
    right === undefined ? `known are ${[...new Set(beside)].join(', ')}` : `did you mean ${right}?`;
  return `${nameSetting(below(section) + key)} is no setting; ${hint}`;
}

function keyOf(path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (key, step) =>
      (typeof step === 'number' ? `${key}[${step}]` : key && `${key}.${String(step)}`) || String(step),
    '',
  );
}

/** The words that would have been right. */
function choicesIn(issue: z.core.$ZodIssue): string[] {
  if (issue.code === 'invalid_value') return issue.values.map(String);
  return issue.code === 'invalid_union' ? issue.errors.flat().flatMap(choicesIn) : [];
}

/** Every key of an object schema, sections as `section.key`. */
function keysIn(schema: unknown, at = ''): string[] {
  if (schema instanceof z.ZodOptional) return keysIn(schema.unwrap(), at);
  if (schema instanceof z.ZodArray)
    return keysIn(schema.element, schema.element instanceof z.ZodObject ? `${at}[]` : at);
  if (!(schema instanceof z.ZodObject)) return [at];
  return Object.entries(schema.shape).flatMap(([key, inner]) =>
    keysIn(inner, at === '' ? key : `${at}.${key}`),
  );
}

function show(value: unknown): string {
  if (typeof value === 'function') return 'a function';
  const text = inspect(value, { depth: 0, breakLength: Infinity, maxStringLength: 60, maxArrayLength: 5 });
  return text.replace(/\s+/g, ' ');
}
