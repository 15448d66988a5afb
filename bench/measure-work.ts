import { orderOf } from './measure/rounds';
import { resultOf, type WorkResult } from './measure/results';
import type { Bench, Opened, Turn, Work } from './work';

/** Rounds of a run: medians of five, or of three when it is quick. */
const ROUNDS = { full: 5, quick: 3 };

/** Lets everyone who is there do `work` in turns. */
export async function measureWork(work: Work, bench: Bench): Promise<WorkResult> {
  const at = new Date().toISOString();
  const there = work.entrants.flatMap((entrant) => {
    const version = entrant.version();
    return version === undefined ? [] : [{ entrant, name: entrant.name, version, turns: [] as Turn[] }];
  });
  const opened = new Map<string, Opened>();
  try {
    for (const { entrant, name } of there) opened.set(name, await entrant.open(bench));
    for (let round = 0; round < ROUNDS[bench.quick ? 'quick' : 'full']; round++) {
      for (const { name, turns } of orderOf(there, round)) turns.push(await opened.get(name)!.turn());
    }
  } finally {
    for (const one of opened.values()) await one.close();
  }
  return resultOf(
    at,
    work,
    there.map(({ name, version, turns }) => ({ name, version, turns })),
  );
}
