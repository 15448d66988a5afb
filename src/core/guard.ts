import { AddonError, reasonOf } from '../errors';
import { deadline } from './deadline';

/** What a tap may ask for beside tapable's own options. */
export interface TapOptions {
  /** Milliseconds until an unsettled tap counts as a throw; `Infinity` for one that waits for a person. */
  timeout?: number;
}

/** How taps are guarded. */
export interface GuardOptions {
  /** Milliseconds until an unsettled tap counts as a throw. */
  readonly timeout: number;
  /** The addon whose `apply` is running, if one is: its taps carry its name. */
  readonly addonNow?: () => string | undefined;
  /** Takes errors instead of the hook, so that every tap gets its turn. */
  readonly contain?: (error: Error) => void;
}

/** What a tap may return beside nothing. */
export interface Expected {
  /** Hears of a result that is taken, by which addon, and what the hook was called with. */
  taken?(value: unknown, addon: string, args: readonly unknown[]): void;
  check(value: unknown): boolean;
  /** For the error message: "returned 5 instead of …". */
  readonly wants: string;
  /** True where `null` and `false` mean "not me". */
  readonly bails?: boolean;
}

type Callback = (error: Error | null, result?: unknown) => void;
type AnyTap = TapOptions & { type: string; name: string; fn: (...args: unknown[]) => unknown };

/**
 * Makes every tap of `hook` answer once and say who it is: a plain `tap` may be synchronous or async, a throw or a tap that does
 * not settle in time becomes an AddonError, and so does a result that the hook has no use for.
 */
export function guard<H extends { intercept(interceptor: never): void }>(
  hookName: string,
  hook: H,
  options: GuardOptions,
  expected?: Expected,
): H {
  const register = (tap: AnyTap): AnyTap => {
    const addon = options.addonNow?.() ?? tap.name;
    const call = tap.type === 'async' ? promisified(tap.fn) : tap.fn;
    const limit = tap.timeout ?? options.timeout;
    const failure = (thrown: unknown) =>
      thrown instanceof AddonError
        ? thrown
        : new AddonError(addon, hookName, reasonOf(thrown), { cause: thrown });

    const answer = (value: unknown, args: readonly unknown[], done: Callback) => {
      const nothing = value === undefined || (expected?.bails && (value === null || value === false));
      if (nothing || !expected) done(null);
      else if (expected.check(value)) {
        expected.taken?.(value, addon, args);
        done(null, value);
      } else
        done(new AddonError(addon, hookName, `returned ${describe(value)} instead of ${expected.wants}`));
    };

    const guarded = (...args: unknown[]) => {
      const next = args.pop() as Callback;
      const done: Callback = (error, value) => {
        if (error) options.contain?.(error);
        next(options.contain ? null : error, value);
      };
      let result: unknown;
      try {
        result = call(...args);
      } catch (thrown) {
        done(failure(thrown));
        return;
      }
      if (!isThenable(result)) {
        answer(result, args, done);
        return;
      }
      let settled = false;
      const settle = (then: () => void) => {
        if (settled) return;
        settled = true;
        cancel();
        then();
      };
      const cancel = deadline(limit, () =>
        settle(() => done(new AddonError(addon, hookName, `did not settle within ${limit / 1000} s`))),
      );
      result.then(
        (value) => settle(() => answer(value, args, done)),
        (thrown: unknown) => settle(() => done(failure(thrown))),
      );
    };
    return { ...tap, type: 'async', fn: guarded };
  };
  hook.intercept({ register } as never);
  return hook;
}

function promisified(fn: (...args: unknown[]) => unknown): (...args: unknown[]) => Promise<unknown> {
  return (...args) =>
    new Promise((resolve, reject) => {
      fn(...args, (error: unknown, result: unknown) => (error ? reject(error as Error) : resolve(result)));
    });
}

/** True for promises and what behaves like one. */
export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return (
    typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function'
  );
}

/** A value in a few words, for error messages. */
export function describe(value: unknown): string {
  if (typeof value === 'function') return 'a function';
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? String(value);
  return Array.isArray(value) ? 'an array' : `an object (${value.constructor?.name ?? 'without prototype'})`;
}
