import type { ClientEnd, InterimResponse, Send } from '../../src/core/ends';
import { type Core, exchange } from '../../src/core/exchange';
import { Flow } from '../../src/core/flow';
import { createProxyHooks, type ProxyHooks } from '../../src/core/hooks';
import { Body } from '../../src/http/body';
import { HttpRequest } from '../../src/http/request';
import { HttpResponse } from '../../src/http/response';

/** A client end without a socket: keeps what a client would have seen. */
export class FakeClient implements ClientEnd {
  readonly info = { address: '127.0.0.1', port: 50_000 };
  readonly leaving = new AbortController();
  readonly signal = this.leaving.signal;

  get isGone(): boolean {
    return this.signal.aborted;
  }

  readonly session = '';
  readonly informed: InterimResponse[] = [];
  /** In order: `head 200`, the body's chunks, `end`, or `killed`. */
  readonly seen: string[] = [];
  response: HttpResponse | undefined;
  bodyReads = 0;
  discards = 0;

  constructor(readonly request: HttpRequest) {}

  async readBody(): Promise<void> {
    this.bodyReads += 1;
    const chunks: Buffer[] = [];
    for await (const chunk of this.request.body.chunks()) chunks.push(chunk);
    this.request.body = Body.from(Buffer.concat(chunks));
  }

  inform(interim: InterimResponse): void {
    this.informed.push(interim);
  }

  async deliver(response: HttpResponse, onHead: () => void, beforeEnd?: () => Promise<void>): Promise<void> {
    this.response = response;
    onHead();
    this.seen.push(`head ${response.status}`);
    for await (const chunk of response.body.chunks()) {
      this.signal.throwIfAborted();
      this.seen.push(chunk.toString());
    }
    await beforeEnd?.();
    this.seen.push('end');
  }

  kill(): void {
    this.seen.push('killed');
  }

  discard(): void {
    this.discards += 1;
  }
}

/** A proxy's core without sockets; `upstream` plays the origin server. */
export function fakeCore(
  upstream: (request: HttpRequest) => HttpResponse | Promise<HttpResponse> = () =>
    HttpResponse.text(200, 'live'),
) {
  const warnings: string[] = [];
  const hooks: ProxyHooks = createProxyHooks({
    timeout: 2_000,
    contain: (_hook, error) => warnings.push(error.message),
  });
  const sent: HttpRequest[] = [];
  const completed: Flow[] = [];
  const send: Send = async (request, { contact }) => {
    contact();
    sent.push(request);
    return upstream(request);
  };
  const core: Core = {
    hooks,
    send,
    offline: false,
    heldBody: 1024,
    now: () => 1_000,
    warn: (line) => warnings.push(line),
  };
  hooks.complete.tap('test', (flow) => void completed.push(flow));

  const run = async (request: HttpRequest | string = 'http://shop.example/') => {
    const asked = typeof request === 'string' ? HttpRequest.to(request) : request;
    const client = new FakeClient(asked);
    const flow = new Flow({
      id: '1',
      request: asked,
      client: client.info,
      signal: client.signal,
      startedAt: 900,
    });
    await exchange(flow, client, core);
    return { flow, client };
  };
  return { core, hooks, sent, warnings, completed, run };
}

/** A body that arrives in these pieces; the last one may be an error. */
export function streamOf(...pieces: (string | Error)[]): Body {
  async function* chunks() {
    for (const piece of pieces) {
      if (piece instanceof Error) throw piece;
      yield Buffer.from(piece);
    }
  }
  return Body.stream(chunks());
}
