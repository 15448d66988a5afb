import { Body, HttpRequest, HttpResponse, ServerReplay, type RecordedFlow } from 'replay-proxy';
import type { HttpRequestInit } from '../../src/http/request';
import type { HttpResponseInit } from '../../src/http/response';
import type { ServerReplayOptions } from '../../addons/server-replay';
import { fakeProxy } from './addons';

/** A request by method and URL, `POST http://shop.example/`, GET if there is only a URL. */
export function requestOf(
  line: string,
  headers: HttpRequestInit['headers'] = {},
  body: string | Buffer | Body = '',
) {
  const [method, url] = line.includes(' ') ? (line.split(' ') as [string, string]) : ['GET', line];
  return HttpRequest.to(url, { method, headers, body: Body.from(body) });
}

/** A POST of JSON text. */
export function postJson(url: string, text: string): HttpRequest {
  return requestOf(`POST ${url}`, { 'content-type': 'application/json' }, text);
}

let number = 0;

/** A recorded exchange whose response says `text`. */
export function entry(
  request: HttpRequest | string,
  text: string,
  rest: Partial<RecordedFlow> & { answer?: HttpResponseInit } = {},
): RecordedFlow {
  const { answer, ...more } = rest;
  number += 1;
  return {
    source: 'shop.har',
    number,
    request: typeof request === 'string' ? requestOf(request) : request,
    response: new HttpResponse({ body: text, ...answer }),
    ...more,
  };
}

/** A started proxy that replays `flows`; `ask` gives the body that the client got, `live` for one of upstream. */
export async function replaying(flows: readonly RecordedFlow[], options: ServerReplayOptions = {}) {
  const lines: string[] = [];
  const addon = new ServerReplay({ from: [flows], warn: (line) => lines.push(line), ...options });
  const fake = fakeProxy([addon], () => new HttpResponse({ body: 'live' }));
  await fake.hooks.start.promise();
  const ask = async (request: HttpRequest | string) => {
    const { client } = await fake.run(typeof request === 'string' ? requestOf(request) : request);
    return (await client.response?.body.text()) ?? 'killed';
  };
  return { ...fake, addon, lines, ask, hooksOfReplay: ServerReplay.hooks(fake.proxy) };
}
