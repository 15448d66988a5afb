import { once } from 'node:events';
import type { ClientEnd } from '../../src/core/ends';
import type { HttpRequest } from '../../src/http/request';
import { HttpResponse } from '../../src/http/response';
import type { Origin } from '../../src/http/authority';
import { createTransport } from '../../src/transport/listener';
import {
  DEFAULT_LIMITS,
  type Limits,
  type ListenerOptions,
  type Transport,
  type TransportHandlers,
  type TransportOptions,
} from '../../src/transport/options';
import { createUpstream } from '../../src/transport/upstream';
import { RawClient } from './raw-client';
import { sharedAuthorityFolder } from './temp';

/** What a test's exchange does; a response that it returns is delivered. */
export type TestExchange = (request: HttpRequest, client: ClientEnd) => Promise<HttpResponse | void>;

/** A transport on a free port, and what it reported. */
export interface TestTransport {
  readonly transport: Transport;
  readonly seen: { request: HttpRequest; aborted: boolean }[];
  readonly warnings: string[];
  /** Upstreams of raw tunnels. */
  readonly contacted: ReadonlySet<string>;
  open(): Promise<RawClient>;
  /** Opens a connection, sends, and returns all that comes until the proxy closes. */
  say(bytes: string): Promise<string>;
}

/** What a test may change about its transport. */
export interface TestTransportInit {
  exchange?: TestExchange;
  options?: Partial<Omit<TransportOptions, 'limits' | 'listeners'>> & {
    /** Of the first listener; a regular one on 127.0.0.1 unless told. */
    host?: string;
    port?: number;
    mode?: ListenerOptions['mode'];
    reverse?: Origin;
    keepHost?: boolean;
    /** Beside the first. */
    others?: ListenerOptions[];
  };
  limits?: Partial<Limits>;
  handlers?: Partial<TransportHandlers>;
  /** False: requests wait. */
  serve?: boolean;
}

const started: Transport[] = [];

/** Starts a transport that is closed after the test by `closeTransports`. */
export async function startTransport(init: TestTransportInit = {}): Promise<TestTransport> {
  const {
    host = '127.0.0.1',
    port = 0,
    reverse,
    keepHost = false,
    others = [],
    ...options
  } = init.options ?? {};
  const { mode = reverse ? { kind: 'reverse', origin: reverse, keepHost } : 'regular', ...rest } = options;
  const seen: TestTransport['seen'] = [];
  const warnings: string[] = [];
  const upstream = createUpstream({ insecure: false }, { ...DEFAULT_LIMITS, ...init.limits }, Date.now);
  const reply: TestExchange =
    init.exchange ??
    ((request) => Promise.resolve(HttpResponse.text(200, `${request.method} ${request.url}`)));
  const transport = createTransport(
    {
      listeners: [{ host, port, mode }, ...others],
      allowLan: false,
      allowPublic: false,
      http2: true,
      sessions: true,
      authorityFolder: sharedAuthorityFolder(),
      now: Date.now,
      ...rest,
      limits: { ...DEFAULT_LIMITS, grace: 200, ...init.limits },
    },
    {
      exchange: async (request, client) => {
        const entry = { request, aborted: false };
        seen.push(entry);
        client.signal.addEventListener('abort', () => (entry.aborted = true));
        try {
          const response = await reply(request, client);
          if (response) await client.deliver(response, () => {}, undefined);
        } catch (error) {
          if (!client.signal.aborted) warnings.push(String(error));
        }
        client.discard();
      },
      connect: () => Promise.resolve('intercept'),
      opaque: () => Promise.resolve(false),
      dial: upstream.dial,
      originHint: () => undefined,
      warn: (line) => warnings.push(line),
      ...init.handlers,
    },
  );
  await transport.listen();
  started.push(transport);
  if (init.serve !== false) transport.serve();
  const open = () => RawClient.open(transport.address);
  return {
    transport,
    seen,
    warnings,
    contacted: upstream.contacted,
    open,
    say: async (bytes) => (await open()).send(bytes).end(),
  };
}

/** Closes what the tests of a suite have started; for `afterEach`. */
export async function closeTransports(): Promise<void> {
  await Promise.all(started.splice(0).map((transport) => transport.close()));
}

/** A signal's abort, as a promise. */
export async function abortOf(signal: AbortSignal): Promise<void> {
  if (!signal.aborted) await once(signal, 'abort');
}
