import { ConfigError } from '../errors';

/** Settings that can be changed while the proxy runs. */
export interface AddonOptions<T = unknown> {
  /** Checks a whole set of values and fills in defaults; throws when they do not fit. A zod schema is one. */
  readonly schema: { parse(values: unknown): T };
  /** The values in force. */
  readonly values: T;
}

/** A feature: taps the hooks of `P`, the proxy, when it is applied. */
export interface Addon<P> {
  /** Its seat: a later addon of the same name takes it. */
  readonly name: string;
  /** Makes the taps, at once. `replaced` is the addon whose seat this one took, configured but not applied. */
  apply(proxy: P, replaced?: Addon<P>): void;
  readonly options?: AddonOptions;
  /** Takes new values, already checked, for flows to come. */
  configure?(values: never): Promise<void> | void;
}

/** What `use()` takes: an addon, a function that makes taps, or a list of these. */
export type AddonInput<P> = Addon<P> | ((proxy: P) => void) | readonly AddonInput<P>[];

/**
 * The addons in `input`, functions named after themselves, or after `fallback`, numbered if there are more.
 * @throws ConfigError for what is no addon.
 */
export function addonsOf<P>(input: AddonInput<P>, fallback = 'addon'): Addon<P>[] {
  const flat = flatten(input);
  let unnamed = 0;
  return flat.map((one) => {
    if (typeof one === 'function') {
      unnamed += 1;
      return { name: unnamed === 1 ? fallback : `${fallback}#${unnamed}`, apply: (proxy: P) => one(proxy) };
    }
    if (typeof one?.apply !== 'function') {
      throw new ConfigError(
        `${fallback} is no addon: it has no apply(proxy) function; export { name, apply(proxy) {…} } or a function (proxy) => {…}`,
      );
    }
    if (typeof one.name !== 'string' || one.name === '') {
      throw new ConfigError(
        `${fallback} is no addon: it has no name; export { name: '…', apply(proxy) {…} }`,
      );
    }
    return one;
  });
}

function flatten<P>(input: AddonInput<P>): (Addon<P> | ((proxy: P) => void))[] {
  return Array.isArray(input) ? input.flatMap((one: AddonInput<P>) => flatten(one)) : [input as Addon<P>];
}
