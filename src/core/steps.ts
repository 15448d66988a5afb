import { isThenable } from './guard';
import type { Awaitable } from './hooks';

/**
 * What is to be done one after the other, some of which may have to be waited for: a `function*` in which `yield* here(value)` stands for
 * `await value`. Unlike an async function it goes on at once where the value is here already, as nearly all are in a replay.
 */
export type Steps<T> = Generator<PromiseLike<unknown>, T, unknown>;

/** The value, waited for if need be. */
export function* here<T>(value: T | PromiseLike<T>): Steps<T> {
  return isThenable(value) ? ((yield value) as T) : value;
}

/** Goes through steps; a promise if one of them has to be waited for. Throws, or rejects, with what they throw. */
export function walk<T>(steps: Steps<T>): Awaitable<T> {
  const first = steps.next();
  return first.done ? first.value : rest(steps, first.value);
}

async function rest<T>(steps: Steps<T>, first: PromiseLike<unknown>): Promise<T> {
  let next: IteratorResult<PromiseLike<unknown>, T> = { done: false, value: first };
  while (!next.done) {
    let value: unknown;
    try {
      value = await next.value;
    } catch (error) {
      next = steps.throw(error);
      continue;
    }
    next = steps.next(value);
  }
  return next.value;
}
