import { pathOf } from './answers';
import type { Contender } from './contender';
import { firstAnswer } from './first-answer';
import { freePort, Launched } from './launched';
import type { Shape } from './recordings';
import { checkAnswer } from './throughput';
import type { Bench, Entrant, Figure, Turn } from './work';

/** From the start of the process to the end of its first answer; the processor time and the most memory it took until then. */
export const START: readonly Figure[] = [
  { name: 'start to first answer', unit: 'ms', better: 'less' },
  { name: 'processor time', unit: 'ms', better: 'less' },
  { name: 'peak memory', unit: 'MiB', better: 'less' },
];

/** A contender that is started anew for each turn, and asked until it answers. What a first start makes for the next ones is there. */
export function fromStart(contender: Contender, shape: Shape, name = contender.name): Entrant {
  return {
    name,
    version: () => contender.version(),
    open: async (bench) => {
      // It ends as it is asked to: that is when some write what later starts find.
      await start(contender, shape, bench, 'SIGTERM');
      return { turn: () => start(contender, shape, bench, 'SIGKILL'), close: async () => {} };
    },
  };
}

async function start(
  contender: Contender,
  shape: Shape,
  { scratch }: Bench,
  end: NodeJS.Signals,
): Promise<Turn> {
  const scene = { ...shape, port: await freePort(), home: scratch };
  const last = shape.entries - 1;
  // What is written for the first turn is not what is measured.
  contender.command?.(scene);
  const from = performance.now();
  const server = new Launched(contender, scene);
  try {
    const got = await firstAnswer(scene.port, pathOf(last), shape.scheme, server);
    const taken = performance.now() - from;
    checkAnswer(got, last, shape.size, contender.name);
    return {
      'start to first answer': taken,
      'processor time': server.processorTime() * 1000,
      'peak memory': server.peakMemory(),
    };
  } finally {
    await server.stop(end);
  }
}
