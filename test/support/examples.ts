import {
  type AddonInput,
  HttpRequest,
  HttpResponse,
  KillUnmatched,
  type RecordedFlow,
  ResponseRefresh,
  ServerReplay,
} from 'replay-proxy';
import { addonsOf } from '../../src/core/addon';
import { fakeProxy } from './addons';

/** What an example's test records: a request with its answer. */
export interface Exchange {
  url: string;
  method?: string;
  headers?: Record<string, string>;
  body?: string;
  answer?: ConstructorParameters<typeof HttpResponse>[0];
}

/** Epoch milliseconds of every recorded answer. */
export const RECORDED_AT = Date.UTC(2024, 0, 1);
/** Milliseconds from the recording to the replay. */
export const SHIFT = 86_400_000;

/** The request of an exchange. */
export function requestOf({ url, method = 'GET', headers = {}, body = '' }: Exchange): HttpRequest {
  return HttpRequest.to(url, { method, headers: { host: new URL(url).host, ...headers }, body });
}

/** A started proxy that replays `exchanges`, kills the rest, and has `example` beside the built-ins. */
export async function replaying(example: AddonInput, exchanges: Exchange[]) {
  const flows = exchanges.map((exchange, at): RecordedFlow => {
    const response = new HttpResponse({ ...exchange.answer, startedAt: RECORDED_AT });
    return { source: 'test.har', number: at + 1, request: requestOf(exchange), response };
  });
  const builtIns = [
    new ServerReplay({ from: [flows], warn: () => {} }),
    new ResponseRefresh({ now: () => RECORDED_AT + SHIFT }),
    new KillUnmatched(),
  ];
  const mine = addonsOf(example as never, 'example.ts');
  const addons = [...builtIns.filter(({ name }) => !mine.some((addon) => addon.name === name)), ...mine];
  const fake = fakeProxy(addons as never);
  await fake.hooks.start.promise();
  return { ...fake, ask: (exchange: Exchange) => fake.run(requestOf(exchange)) };
}
