import { monitorEventLoopDelay } from 'node:perf_hooks';
import { HttpResponse, type MitmProxy, MitmProxy as Proxy, respond } from 'replay-proxy';
import { sharedAuthorityFolder } from '../support/temp';

/** What `/figures` answers: since it was asked last, milliseconds of the longest stall of the loop and of processor time; open sockets. */
export interface Figures {
  readonly sockets: number;
  readonly stall: number;
  readonly cpu: number;
}

/** A proxy that answers everything itself, for a process of its own; prints its port and the file of its CA. */
async function main(): Promise<void> {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  let cpu = process.cpuUsage();
  const answers = ({ hooks }: MitmProxy) =>
    hooks.request.tap('Answers', ({ request }) => {
      if (request.path !== '/figures') return respond(HttpResponse.text(200, 'here'));
      const { user, system } = process.cpuUsage(cpu);
      const sockets = process.getActiveResourcesInfo().filter((kind) => kind === 'TCPSocketWrap').length;
      const figures: Figures = { sockets, stall: delay.max / 1e6, cpu: (user + system) / 1e3 };
      delay.reset();
      cpu = process.cpuUsage();
      return respond(HttpResponse.text(200, JSON.stringify(figures)));
    });
  const proxy = new Proxy({ listen: { port: 0 }, authority: sharedAuthorityFolder() });
  proxy.use(answers);
  await proxy.start();
  process.send?.({ port: Number(new URL(proxy.url).port), ca: `${sharedAuthorityFolder()}/certs/ca.pem` });
}

void main();
