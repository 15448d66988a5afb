import {
  type Addon,
  type HttpRequest,
  type HttpResponse,
  type MitmProxy,
  type RecordedFlow,
  respond,
} from 'replay-proxy';
import { HttpRequest as Request } from '../../src/http/request';
import { HttpResponse as Response } from '../../src/http/response';
import { fakeCore } from './exchange';

/** A proxy without sockets, with these addons applied; `run` passes a request through it. */
export function fakeProxy(
  addons: Addon[],
  upstream?: (request: HttpRequest) => HttpResponse | Promise<HttpResponse>,
) {
  const core = fakeCore(upstream);
  const proxy = { hooks: core.hooks, origins: new Set<string>() } as unknown as MitmProxy;
  for (const addon of addons) addon.apply(proxy);
  return { ...core, proxy };
}

/** A recorded exchange that arrived at `at`. */
export function recordedFlow(response: ConstructorParameters<typeof Response>[0] = {}, at = 0): RecordedFlow {
  return {
    source: 'test.har',
    number: 1,
    request: Request.to('http://shop.example/'),
    response: new Response({ ...response, startedAt: at }),
  };
}

/** Answers every request from `recorded`, as a replayer does. */
export function replayer(recorded: RecordedFlow): Addon {
  return {
    name: 'Replayer',
    apply(proxy) {
      proxy.hooks.request.tap('Replayer', () => respond(recorded.response!, recorded));
    },
  };
}
