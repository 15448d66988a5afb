import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { createServer } from 'node:net';

/** What a process holds, counted by kind; file descriptors where there is /proc. */
export type Resources = Readonly<Record<string, number>>;

// With the first socket of a process libuv opens one descriptor more, for the day when there are no others, and keeps it.
const first = createServer().listen(0, '127.0.0.1', () => first.close());

/** What this process holds now. */
export function resourcesNow(): Resources {
  const counts: Record<string, number> = {};
  for (const kind of process.getActiveResourcesInfo()) counts[kind] = (counts[kind] ?? 0) + 1;
  try {
    counts['file descriptors'] = readdirSync('/proc/self/fd').length;
  } catch {
    // Not on this system.
  }
  return counts;
}

/** Waits until the process holds no more than `before`, at most `within` milliseconds. Rejects with what is left over. */
export async function settlesTo(before: Resources, within = 5_000): Promise<void> {
  const deadline = performance.now() + within;
  const excess = () =>
    Object.entries(resourcesNow())
      // The look itself takes a timer.
      .filter(([kind, count]) => count > (before[kind] ?? 0) + (kind === 'Timeout' ? 1 : 0))
      .map(([kind, count]) => `${kind}: ${count}, before ${before[kind] ?? 0}`);
  while (excess().length > 0 && performance.now() < deadline)
    await new Promise((resolve) => setTimeout(resolve, 10));
  assert.deepEqual(excess(), [], 'more is held than before');
}
