import { reasonOf } from '../errors';
import { formatAuthority } from '../http/authority';
import { splitPath } from '../http/query';
import type { HttpRequest } from '../http/request';
import { hostOf } from './facets';

/**
 * Which requests a rule is for: all that is given has to match, `*` stands for any text, dots and slashes included. `host` is compared
 * without the port unless it names one, `path` without the query.
 */
export interface RequestPattern {
  readonly method?: string;
  readonly host?: string;
  readonly path?: string;
}

/** A pattern, or a function that says whether a request is meant. */
export type RequestFilter = RequestPattern | ((request: HttpRequest) => boolean);

/**
 * The filter as a function, which throws where the user's own does, or returns anything but true or false, calling it `name`; without a
 * filter, any request is meant.
 */
export function compileFilter(
  filter: RequestFilter | undefined,
  name = 'match',
): (request: HttpRequest) => boolean {
  if (typeof filter === 'function') return (request) => judged(filter, request, name);
  const { method, host, path } = filter ?? {};
  const tests: ((request: HttpRequest) => boolean)[] = [];
  if (method !== undefined) {
    const pattern = wildcard(method.toUpperCase());
    tests.push((request) => pattern.test(request.method.toUpperCase()));
  }
  if (host !== undefined) {
    const namesPort = /^(?:\[.*\]|[^:]*):[\d*]+$/.test(host);
    const pattern = wildcard((namesPort ? host : host.replace(/^\[(.*)\]$/, '$1')).toLowerCase());
    tests.push((request) =>
      pattern.test(namesPort ? formatAuthority(hostOf(request), request.port) : hostOf(request)),
    );
  }
  if (path !== undefined) {
    const pattern = wildcard(path);
    tests.push((request) => pattern.test(splitPath(request.path).path || '/'));
  }
  return (request) => tests.every((test) => test(request));
}

/** What a filter is, for messages. */
export const FILTER_WORDS =
  'an object with method, host and path (texts, * for any; a path begins with / or * and has no query), or a function (request) => boolean';

/** True for what `compileFilter` takes. */
export function isFilter(value: unknown): value is RequestFilter {
  if (typeof value === 'function') return true;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return Object.entries(value).every(
    ([name, text]) =>
      typeof text === 'string' &&
      (name === 'path' ? /^[/*][^?]*$/.test(text) : ['method', 'host'].includes(name) && text !== ''),
  );
}

function judged(filter: (request: HttpRequest) => unknown, request: HttpRequest, name: string): boolean {
  let result: unknown;
  try {
    result = filter(request);
  } catch (error) {
    throw new Error(`${name} threw: ${reasonOf(error)}`, { cause: error });
  }
  if (typeof result === 'boolean') return result;
  // A promise would be true whatever it comes to.
  const isPromise = typeof (result as { then?: unknown } | undefined)?.then === 'function';
  throw new TypeError(
    `${name} returned ${isPromise ? 'a promise' : String(result)} instead of true or false`,
  );
}

function wildcard(pattern: string): RegExp {
  const texts = pattern.split('*').map((text) => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&'));
  return new RegExp(`^${texts.join('.*')}$`, 's');
}
