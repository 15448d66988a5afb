import { HOST, pathOf } from '../answers';
import { missReport } from '../contenders/replay-proxy';
import { ask, firstAnswer } from '../first-answer';
import { freePort, Launched } from '../launched';
import { spreadOf } from '../measure/statistics';
import type { Bench, Entrant, Opened, Work } from '../work';

const SHAPE = { entries: 100_000, size: 700, scheme: 'http' } as const;
const [MISS, HIT] = ['replay-proxy, a miss', 'replay-proxy, a hit'];
const TIMES = 20;

/** Asking for what was never recorded in quite that way, and being told what is nearest. */
export const miss: Work = {
  name: 'miss',
  title: 'a miss with its report, beside a hit, 100,000 entries',
  conditions: {
    load: `${TIMES} requests one after the other, the median of their times`,
    body: '700 B of JSON; the report of a miss',
    tls: 'none',
    keepAlive: 'a new one for each request',
  },
  figures: [{ name: 'time', unit: 'ms', better: 'less' }],
  entrants: [asking(MISS, 404, (at) => pathOf(at).replace(/page=\d/, 'page=99')), asking(HIT, 200, pathOf)],
  comparisons: [
    { of: MISS, figure: 'time', atMost: 20 },
    { of: MISS, to: HIT, figure: 'time' },
  ],
};

function asking(name: string, expected: number, path: (at: number) => string): Entrant {
  return { name, version: missReport.version, open: (bench) => open(expected, path, bench) };
}

async function open(expected: number, path: (at: number) => string, { scratch }: Bench): Promise<Opened> {
  const port = await freePort();
  const server = new Launched(missReport, { ...SHAPE, port, home: scratch });
  await firstAnswer(port, pathOf(0), 'http', server);
  let asked = 0;
  const time = async () => {
    const target = path((asked++ * 7919) % SHAPE.entries);
    const from = performance.now();
    const { status } = await ask(port, target, 'http');
    const taken = performance.now() - from;
    if (status !== expected) throw new Error(`http://${HOST}${target} was answered with status ${status}`);
    return taken;
  };
  const turn = async () => {
    const times: number[] = [];
    for (let at = 0; at < TIMES; at++) times.push(await time());
    return { time: spreadOf(times).median };
  };
  await turn();
  return { turn, close: () => server.stop() };
}
