const SWEEP = 250;

interface Entry {
  readonly at: number;
  /** Undefined once it is cancelled. */
  passed: (() => void) | undefined;
}

/** In no order. A Set that is filled and emptied all the time would keep what it held from young garbage collections. */
let waiting: Entry[] = [];
let sweeper: NodeJS.Timeout | undefined;

/**
 * Calls `passed` once, up to a quarter of a second after `limit` milliseconds, unless cancelled. One shared timer serves all: a timer
 * for each asynchronous tap would cost more than the tap.
 */
export function deadline(limit: number, passed: () => void): () => void {
  if (limit === Infinity) return () => {};
  const entry: Entry = { at: performance.now() + limit, passed };
  waiting.push(entry);
  sweeper ??= setInterval(sweep, SWEEP).unref();
  return () => (entry.passed = undefined);
}

function sweep(): void {
  const now = performance.now();
  const looked = waiting;
  waiting = [];
  for (const entry of looked) {
    const { at, passed } = entry;
    if (!passed) continue;
    if (at > now) waiting.push(entry);
    else passed();
  }
  if (waiting.length > 0) return;
  clearInterval(sweeper);
  sweeper = undefined;
}
