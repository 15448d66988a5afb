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
 * The addons in `input`. A function is named `name`, or else after itself, and numbered where the name is `taken`: it never takes a
 * seat.
 * @throws ConfigError for what is no addon, called `name` there.
 */
export function addonsOf<P>(input: AddonInput<P>, name?: string, taken: Iterable<string> = []): Addon<P>[] {
  const names = new Set(taken);
  return flatten(input).map((one) => {
    const addon =
      typeof one === 'function' ? unseated(one, name, names) : checked(one, name ?? 'what use() was given');
    names.add(addon.name);
    return addon;
  });
}

function unseated<P>(
  apply: (proxy: P) => void,
  name: string | undefined,
  names: ReadonlySet<string>,
): Addon<P> {
  const base = name ?? (apply.name || 'addon');
  let free = base;
  for (let number = 2; names.has(free); number += 1) free = `${base}#${number}`;
  return { name: free, apply: (proxy) => apply(proxy) };
}

function checked<P>(addon: Addon<P>, name: string): Addon<P> {
  if (typeof addon?.apply !== 'function') {
    throw new ConfigError(
      `${name} is no addon: it has no apply(proxy) function; export { name, apply(proxy) {…} } or a function (proxy) => {…}`,
    );
  }
  if (typeof addon.name !== 'string' || addon.name === '') {
    throw new ConfigError(`${name} is no addon: it has no name; export { name: '…', apply(proxy) {…} }`);
  }
  return addon;
}

function flatten<P>(input: AddonInput<P>): (Addon<P> | ((proxy: P) => void))[] {
  return Array.isArray(input) ? input.flatMap((one: AddonInput<P>) => flatten(one)) : [input as Addon<P>];
}
