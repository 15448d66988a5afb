import { answerOf, pathOf } from './answers';
import type { Contender } from './contender';
import { ask, firstAnswer, type Got } from './first-answer';
import { freePort, Launched } from './launched';
import type { Shape } from './recordings';
import type { Bench, Entrant, Figure, Opened, Speaks } from './work';

/** Answers in a second, and the processor time that the server takes for one, all its threads together. */
export const THROUGHPUT: readonly Figure[] = [
  { name: 'throughput', unit: 'req/s', better: 'more' },
  { name: 'processor time', unit: 'µs a request', better: 'less' },
];

/** How hard it is asked. */
export interface Pressure {
  /** Connections that stay open, each with one request at a time. */
  readonly connections: number;
  readonly speaks: Speaks;
}

/** A contender that stays up and answers a load over and over, each turn two seconds. */
export function underLoad(
  contender: Contender,
  shape: Shape,
  pressure: Pressure,
  name = contender.name,
): Entrant {
  return {
    name,
    version: () => contender.version(),
    open: (bench) => open(contender, shape, pressure, bench),
  };
}

async function open(
  contender: Contender,
  shape: Shape,
  pressure: Pressure,
  { scratch, quick, load }: Bench,
): Promise<Opened> {
  const port = await freePort();
  const server = new Launched(contender, { ...shape, port, home: scratch });
  const paths = pathsOf(shape);
  const run = async (seconds: number) => {
    const before = server.processorTime();
    const loaded = await load({ port, paths, seconds, ...pressure });
    server.check();
    return {
      throughput: loaded.answers / loaded.seconds,
      'processor time': ((server.processorTime() - before) / loaded.answers) * 1e6,
    };
  };
  try {
    await firstAnswer(port, paths[0]!, shape.scheme, server);
    const last = shape.entries - 1;
    checkAnswer(await ask(port, pathOf(last), shape.scheme), last, shape.size, contender.name);
    await run(quick ? 1 : 3);
  } catch (error) {
    await server.stop();
    throw new Error(`${contender.name} cannot do this work`, { cause: error });
  }
  return { turn: () => run(quick ? 1 : 2), close: () => server.stop() };
}

/** The paths asked for, at most a thousand, spread over the whole recording. */
function pathsOf({ entries }: Shape): string[] {
  const asked = Math.min(entries, 1000);
  return Array.from({ length: asked }, (_, at) => pathOf(Math.floor((at * entries) / asked)));
}

/**
 * Holds that an answer is the one recorded: who is fast because it sends something else has done another work.
 * @throws when it is another
 */
export function checkAnswer({ status, body }: Got, at: number, size: number, who: string): void {
  if (status === 200 && body.equals(answerOf(at, size).body)) return;
  throw new Error(
    `${who} answers ${pathOf(at)} with status ${status} and ${body.length} bytes of another body`,
  );
}
