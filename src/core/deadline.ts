const SWEEP = 250;

interface Entry {
  readonly at: number;
  readonly passed: () => void;
}

const waiting = new Set<Entry>();
let sweeper: NodeJS.Timeout | undefined;

/**
 * Calls `passed` once, up to a quarter of a second after `limit` milliseconds, unless cancelled. One shared timer serves all: a timer
 * for each asynchronous tap would cost more than the tap.
 */
export function deadline(limit: number, passed: () => void): () => void {
  if (limit === Infinity) return () => {};
  const entry: Entry = { at: performance.now() + limit, passed };
  waiting.add(entry);
  sweeper ??= setInterval(sweep, SWEEP).unref();
  return () => waiting.delete(entry);
}

function sweep(): void {
  const now = performance.now();
  for (const entry of waiting) {
    if (entry.at > now) continue;
    waiting.delete(entry);
    entry.passed();
  }
  if (waiting.size > 0) return;
  clearInterval(sweeper);
  sweeper = undefined;
}
