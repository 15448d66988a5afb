import { answerOf, HOST, pathOf } from './answers';
import type { Contender, Scene } from './contender';
import { bare } from './contenders/bare';
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
  /** Instead of autocannon. */
  readonly by?: 'wrk';
}

/** A contender that stays up and answers a load over and over, each turn a second. */
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
  const scene = async (): Promise<Scene> => ({ ...shape, port: await freePort(), home: scratch });
  const [{ port }, forOrigin] = [await scene(), await scene()];
  const origin = contender.forwards && new Launched(bare, forOrigin);
  const host = origin ? `127.0.0.1:${forOrigin.port}` : HOST;
  const server = new Launched(contender, { ...shape, port, home: scratch });
  const paths = pathsOf(shape);
  const run = async (seconds: number) => {
    const before = server.processorTime();
    const loaded = await load({ port, host, paths, seconds, ...pressure });
    server.check();
    return {
      throughput: loaded.answers / loaded.seconds,
      'processor time': ((server.processorTime() - before) / loaded.answers) * 1e6,
    };
  };
  const close = async () => {
    await server.stop();
    await origin?.stop();
  };
  try {
    if (origin) await firstAnswer(forOrigin.port, paths[0]!, shape.scheme, origin);
    await firstAnswer(port, paths[0]!, shape.scheme, server, host);
    const last = shape.entries - 1;
    checkAnswer(await ask(port, pathOf(last), shape.scheme, host), last, shape.size, contender.name);
    await run(quick ? 1 : 4);
  } catch (error) {
    await close();
    throw new Error(`${contender.name} cannot do this work`, { cause: error });
  }
  return { turn: () => run(1), close };
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
