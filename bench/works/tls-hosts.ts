import { randomBytes } from 'node:crypto';
import type { Contender } from '../contender';
import { httpMitmProxy } from '../contenders/http-mitm-proxy';
import { mitmdump } from '../contenders/mitmdump';
import { mockttp } from '../contenders/mockttp';
import { replayProxy } from '../contenders/replay-proxy';
import { firstAnswer } from '../first-answer';
import { HOST, pathOf } from '../answers';
import { freePort, Launched } from '../launched';
import { spreadOf } from '../measure/statistics';
import { Pulse } from '../pulse';
import { openTunnel } from '../tunnel';
import type { Bench, Entrant, Opened, Work } from '../work';

const SHAPE = { entries: 10, size: 700, scheme: 'http' } as const;
const HOSTS = 10;
const of = 'replay-proxy';
const figure = 'time';
/** How long another client waits for its answer meanwhile, whose server's event loop may be busy. */
const stall = 'longest wait of another client';

/** Tunnels to hosts that no certificate has been made for yet. */
export const tlsHosts: Work = {
  name: 'tls-hosts',
  title: 'a new TLS host: CONNECT, certificate and handshake',
  conditions: {
    load: `${HOSTS} new hosts one after the other, the median of their times; beside them one that asks every millisecond`,
    body: 'none',
    tls: 'inside CONNECT',
    keepAlive: 'a new one for each host',
  },
  figures: [
    { name: figure, unit: 'ms', better: 'less' },
    { name: stall, unit: 'ms', better: 'less' },
  ],
  entrants: [replayProxy, httpMitmProxy, mockttp, mitmdump].map(entrant),
  comparisons: [
    { of, to: 'http-mitm-proxy', figure, atMost: 1 / 30 },
    { of, to: 'mockttp', figure },
    { of, to: 'mitmdump', figure },
    { of, figure: stall, atMost: 5 },
  ],
};

function entrant(contender: Contender): Entrant {
  return {
    name: contender.name,
    version: () => contender.version(),
    open: (bench) => open(contender, bench),
  };
}

async function open(contender: Contender, { scratch }: Bench): Promise<Opened> {
  const port = await freePort();
  const server = new Launched(contender, { ...SHAPE, port, home: scratch });
  const time = async () => {
    const host = `h${randomBytes(6).toString('hex')}.bench.example`;
    const from = performance.now();
    const tunnel = await openTunnel(port, host, 'http/1.1');
    const taken = performance.now() - from;
    tunnel.destroy();
    return taken;
  };
  await firstAnswer(port, pathOf(0), 'http', server);
  const pulse = new Pulse(port, HOST, pathOf(0));
  const turn = async () => {
    const times: number[] = [];
    const longest = await pulse.longest(async () => {
      for (let at = 0; at < HOSTS; at++) times.push(await time());
    });
    return { [figure]: spreadOf(times).median, [stall]: longest };
  };
  await turn();
  const close = async () => {
    pulse.stop();
    await server.stop();
  };
  return { turn, close };
}
