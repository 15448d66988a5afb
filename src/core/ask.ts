import type { Change } from './hooks';
import type { Steps } from './steps';

/** A hook of tapable whose taps may have to be waited for. */
interface AsyncHook<A extends unknown[], R> {
  promise(...args: A): Promise<R>;
}

type Tell = (error: Error | null | undefined, result: unknown) => void;

/** What a hook comes to, waited for only if one of its taps has to be. Throws what a tap throws. */
export function ask<A extends [unknown, ...unknown[]]>(hook: Change<A>, ...args: A): Steps<A[0]>;
export function ask<A extends unknown[], R>(hook: AsyncHook<A, R>, ...args: A): Steps<Awaited<R>>;
export function* ask(hook: object, ...args: unknown[]): Steps<unknown> {
  let isOver = false;
  let failure: Error | null | undefined;
  let result: unknown;
  let told = () => {};
  const tell: Tell = (error, value) => {
    isOver = true;
    failure = error;
    result = value;
    told();
  };
  (hook as { callAsync(...args: unknown[]): void }).callAsync(...args, tell);
  if (!isOver) yield new Promise<void>((resolve) => (told = resolve));
  if (failure) throw failure;
  return result;
}
