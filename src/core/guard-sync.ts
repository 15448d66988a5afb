import { AddonError, reasonOf } from '../errors';
import { describe, isThenable, type Expected } from './guard';

/**
 * Makes every tap of a synchronous hook that an addon offers say who it is: a throw, a promise, or a result that `expected` refuses
 * becomes an AddonError naming the tap.
 */
export function guardSync<H extends { intercept(interceptor: never): void }>(
  hookName: string,
  hook: H,
  expected: Expected,
): H {
  const register = <T extends { name: string; fn: (...args: unknown[]) => unknown }>(tap: T): T => {
    const guarded = (...args: unknown[]) => {
      let result: unknown;
      try {
        result = tap.fn(...args);
      } catch (thrown) {
        if (thrown instanceof AddonError) throw thrown;
        throw new AddonError(tap.name, hookName, reasonOf(thrown), { cause: thrown });
      }
      if (result === undefined || expected.check(result)) return result;
      const what = isThenable(result) ? 'a promise, but this hook is synchronous,' : describe(result);
      throw new AddonError(tap.name, hookName, `returned ${what} instead of ${expected.wants}`);
    };
    return { ...tap, fn: guarded };
  };
  hook.intercept({ register } as never);
  return hook;
}
