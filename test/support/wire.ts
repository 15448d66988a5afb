import { readFileSync } from 'node:fs';
import { mkdtempSync, rmSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  type AddonInput,
  type Flow,
  type HttpRequest,
  KillUnmatched,
  MitmProxy,
  type ProxyOptions,
  ResponseRefresh,
  ServerReplay,
  type ServerReplayOptions,
} from 'replay-proxy';
import { RawClient } from './raw-client';
import { sharedAuthorityFolder } from './temp';
import { parseResponse, type WireResponse } from './wire-response';

/** The recordings that the project ships for its tests. */
export const RECORDINGS = path.resolve(__dirname, '../fixtures/recordings');

/** A proxy on a free port with everything that it said. */
export interface WireProxy {
  readonly proxy: MitmProxy;
  /** In order of their ends. */
  readonly flows: Flow[];
  readonly warnings: string[];
  /** The CA's file, and its PEM. */
  readonly caFile: string;
  readonly ca: string;
  readonly port: number;
  open(): Promise<RawClient>;
  /** A connection inside CONNECT, with TLS ended by the proxy unless `plain`. */
  tunnel(host: string, port: number, plain?: boolean): Promise<RawClient>;
}

const started: MitmProxy[] = [];
const folders: string[] = [];

/** Starts a proxy that `stopProxies` stops; its grace is short. */
export async function startProxy(
  addons: readonly AddonInput[],
  options: ProxyOptions = {},
): Promise<WireProxy> {
  const flows: Flow[] = [];
  const warnings: string[] = [];
  const authority = sharedAuthorityFolder();
  const proxy = new MitmProxy({
    authority,
    warn: (line) => warnings.push(line),
    ...options,
    listen: { ...options.listen, port: 0 },
    limits: { grace: 500, ...options.limits },
  });
  proxy.use(...addons);
  proxy.hooks.complete.tap('Watch', (flow) => void flows.push(flow));
  await proxy.start();
  started.push(proxy);
  const port = Number(new URL(proxy.url).port);
  const caFile = path.join(authority, 'certs', 'ca.pem');
  const ca = readFileSync(caFile, 'utf8');
  const open = () => RawClient.open({ host: '127.0.0.1', port });
  const tunnel: WireProxy['tunnel'] = async (host, to, plain = false) => {
    const client = (await open()).send(`CONNECT ${host}:${to} HTTP/1.1\r\nHost: ${host}:${to}\r\n\r\n`);
    await client.until(/^HTTP\/1\.1 200 [^]*\r\n\r\n$/);
    client.clear();
    if (plain) return client;
    return client.secure(/^[\d.]+$/.test(host) ? { ca, host } : { ca, servername: host });
  };
  return { proxy, flows, warnings, caFile, ca, port, open, tunnel };
}

/** What `replay -S … -k` is: replay, refresh to `now` (not at all if false), kill the rest. */
export function replayAddons(
  from: ServerReplayOptions['from'],
  { now, ...rest }: Omit<ServerReplayOptions, 'now'> & { now?: number | false } = {},
): AddonInput[] {
  const refresh = now === false ? { enabled: false } : now === undefined ? {} : { now: () => now };
  return [
    new ServerReplay({ warn: () => {}, ...rest, ...(from && { from }) }),
    new ResponseRefresh(refresh),
    new KillUnmatched(),
  ];
}

/** Stops what a test has started and removes its folders; for `afterEach`. */
export async function stopProxies(): Promise<void> {
  await Promise.all(started.splice(0).map((proxy) => proxy.stop()));
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}

/** A folder that `stopProxies` removes. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'replay-proxy-wire-'));
  folders.push(folder);
  return folder;
}

/** Skips the test, with a word, when the program is not on this machine. */
export function needs(test: Mocha.Context, program: string, ...args: string[]): void {
  if (spawnSync(program, args.length > 0 ? args : ['--version']).status === 0) return;
  console.log(`      skipped: ${program} does not run on this machine`);
  test.skip();
}

/** The bytes of a request as it was recorded, framing anew; `target` is the request target. */
export function requestBytes(request: HttpRequest, target: string): Buffer {
  const content = request.body.bytesSync();
  const isFraming = (name: string) => /^(content-length|transfer-encoding)$/i.test(name);
  const lines = [...request.headers].filter(([name]) => !isFraming(name));
  if (content.length > 0 || request.headers.has('content-length'))
    lines.push(['Content-Length', String(content.length)]);
  if (!request.headers.has('host')) lines.unshift(['Host', new URL(request.url).host]);
  const head = [`${request.method} ${target} HTTP/${request.httpVersion === '1.0' ? '1.0' : '1.1'}`];
  for (const [name, value] of lines) head.push(`${name}: ${value}`);
  return Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`, 'latin1'), content]);
}

/** Sends recorded requests the way a client of the proxy does: absolute-form for http, CONNECT and TLS for https; connections are kept. */
export class RecordedClient {
  readonly #proxy: WireProxy;
  readonly #kept = new Map<string, RawClient>();

  constructor(proxy: WireProxy) {
    this.#proxy = proxy;
  }

  /** The answer; undefined if the connection was closed without a byte. */
  async ask(request: HttpRequest): Promise<WireResponse | undefined> {
    const { scheme, host, port, origin, path: target } = request;
    let client = this.#kept.get(origin);
    if (!client || client.ended || !client.socket.writable)
      client = scheme === 'http' ? await this.#proxy.open() : await this.#proxy.tunnel(host, port);
    this.#kept.set(origin, client);
    client.send(requestBytes(request, scheme === 'http' ? `${origin}${target}` : target));
    return answerOf(client, request.method);
  }

  close(): void {
    for (const client of this.#kept.values()) client.close();
  }
}

/** The next response of a connection; undefined if it was closed without a byte. */
export function answerOf(client: RawClient, method = 'GET'): Promise<WireResponse | undefined> {
  return client.take<WireResponse | undefined>((received, ended) =>
    ended && received === '' ? { value: undefined, length: 0 } : parseResponse(received, ended, method),
  );
}
