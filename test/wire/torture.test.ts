import assert from 'node:assert/strict';
import path from 'node:path';
import {
  type AddonInput,
  KillUnmatched,
  type MitmProxy,
  openRecording,
  type ProxyOptions,
  Recorder,
  ServerReplay,
} from 'replay-proxy';
import type { Socket } from 'node:net';
import { FAILURES, Faults } from '../support/faults';
import { FlowEnds } from '../support/flow-ends';
import { closing, frame } from '../support/frames';
import { startHttpProxy, startSocksProxy, stopTestProxies } from '../support/proxies';
import { RawClient } from '../support/raw-client';
import { type Resources, resourcesNow, settlesTo } from '../support/resources';
import { type StrictMessage, strictResponse, valuesOf } from '../support/strict-message';
import { type OriginRequest, StrictOrigin } from '../support/strict-origin';
import { sharedAuthorityFolder } from '../support/temp';
import { HANDSHAKE } from '../support/web-socket-client';
import { stopWebSockets, WebSocketOrigin } from '../support/web-sockets';
import { startProxy, stopProxies, temporaryFolder, type WireProxy } from '../support/wire';
import { within } from '../support/within';

const BIG = 'all of a large body; '.repeat(20_000);
const CLOSE = 'Connection: close\r\n';
const OK = 'HTTP/1.1 200 OK\r\n';

/** What is said on a WebSocket, and comes back. */
const SAID = ['one', 'two '.repeat(1000), 'three'];

/** What the server says to each path, in pieces that come one after the other; `end` closes the connection. */
const ANSWERS: Readonly<Record<string, readonly string[]>> = {
  '/text': [`${OK}Content-Length: 5\r\n\r\nhello`],
  '/two': [`${OK}Content-Length: 3\r\n\r\ntwo`],
  '/pieces': [`${OK}Content-Length: 9\r\n\r\n`, 'one', 'two', 'six'],
  '/chunked': [`${OK}Transfer-Encoding: chunked\r\n\r\n3\r\none\r\n`, '3\r\ntwo\r\n', '0\r\n\r\n'],
  '/trailers': [
    `${OK}Trailer: X-Sum\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n`,
    '0\r\nX-Sum: 1\r\n\r\n',
  ],
  '/none': ['HTTP/1.1 204 No Content\r\n\r\n'],
  '/cached': ['HTTP/1.1 304 Not Modified\r\nETag: "1"\r\n\r\n'],
  '/interim': ['HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n', `${OK}Content-Length: 2\r\n\r\nok`],
  '/events': [
    `${OK}Content-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n`,
    '9\r\ndata: 1\n\n\r\n',
    '9\r\ndata: 2\n\n\r\n',
    '0\r\n\r\n',
  ],
  '/big': [`${OK}Content-Length: ${BIG.length}\r\n\r\n${BIG}`],
  '/until-close': [`${OK}Content-Type: text/event-stream\r\n\r\n`, 'data: 1\n\n', 'end'],
};

interface Scenario {
  readonly title: string;
  /** What the client sends, in order; `target` is made a whole URL for a regular proxy. */
  readonly requests: readonly { readonly method: string; readonly target: string; readonly rest?: string }[];
  /** All at once; else each after the response to the one before. */
  readonly pipelined?: boolean;
  readonly version?: string;
  readonly way?: 'tls' | 'tunnel' | 'raw' | 'reverse' | 'session' | 'socks';
  /** What stands before the server. */
  readonly upstreamProxy?: 'http' | 'socks5';
  /** A WebSocket instead of requests. */
  readonly chats?: boolean;
  readonly upstreamTls?: boolean;
  /** The name by which the server is asked for. */
  readonly host?: string;
  readonly addons?: (folder: string) => AddonInput[];
  readonly options?: ProxyOptions;
  /** The recording that it makes, in the folder. */
  readonly records?: string;
  /** Nothing may leave. */
  readonly stays?: boolean;
}

const get = (target: string, rest = '') => ({ method: 'GET', target, rest: `${rest}\r\n` });
const last = (target: string, rest = '') => get(target, CLOSE + rest);
const post = (body: string, ...lines: string[]) => ({
  method: 'POST',
  target: '/text',
  rest: `${[...lines, 'Connection: close'].join('\r\n')}\r\n\r\n${body}`,
});
const tunnels = ({ hooks }: MitmProxy) => hooks.connect.tap('Tunnel', () => 'tunnel' as const);
const recorder = (name: string) => (folder: string) => [new Recorder({ to: path.join(folder, name) })];
const replay = (folder: string) => [
  new ServerReplay({ from: [path.join(folder, 'source.har')], reuse: 'cycle', warn: () => {} }),
  new KillUnmatched(),
];

const SCENARIOS: readonly Scenario[] = [
  { title: 'a response of known length', requests: [last('/text')] },
  { title: 'a response in pieces', requests: [last('/pieces')] },
  { title: 'a chunked response', requests: [last('/chunked')] },
  { title: 'trailers', requests: [last('/trailers')] },
  { title: 'HEAD', requests: [{ method: 'HEAD', target: '/text', rest: `${CLOSE}\r\n` }] },
  { title: '204', requests: [last('/none')] },
  { title: '304', requests: [last('/cached')] },
  { title: 'an interim response', requests: [last('/interim')] },
  { title: 'a stream of events', requests: [last('/events')] },
  { title: 'a large response', requests: [last('/big')] },
  { title: 'a response that ends with its connection', requests: [last('/until-close')] },
  { title: 'a client of HTTP/1.0', requests: [get('/text')], version: '1.0' },
  {
    title: 'a client of HTTP/1.0 that keeps its connection',
    requests: [get('/text', 'Connection: keep-alive\r\n'), get('/two')],
    version: '1.0',
  },
  { title: 'a request with a body', requests: [post('content', 'Content-Length: 7')] },
  { title: 'a chunked request', requests: [post('3\r\none\r\n0\r\n\r\n', 'Transfer-Encoding: chunked')] },
  { title: 'a large request', requests: [post(BIG, `Content-Length: ${BIG.length}`)] },
  { title: 'Expect: 100-continue', requests: [post('content', 'Content-Length: 7', 'Expect: 100-continue')] },
  { title: 'a connection that is kept', requests: [get('/text'), get('/chunked'), last('/two')] },
  { title: 'pipelined requests', requests: [get('/text'), get('/chunked'), last('/two')], pipelined: true },
  {
    title: 'https inside CONNECT',
    requests: [get('/text'), last('/chunked')],
    way: 'tls',
    upstreamTls: true,
  },
  { title: 'events over https', requests: [last('/events')], way: 'tls', upstreamTls: true },
  { title: 'http inside CONNECT', requests: [get('/text'), last('/two')], way: 'tunnel' },
  {
    title: 'a raw tunnel',
    requests: [get('/text'), last('/until-close')],
    way: 'raw',
    addons: () => [tunnels],
  },
  { title: 'reverse mode', requests: [get('/text'), last('/big')], way: 'reverse' },
  { title: 'reverse mode before TLS', requests: [last('/chunked')], way: 'reverse', upstreamTls: true },
  { title: 'the port of a session', requests: [last('/text')], way: 'session' },
  { title: 'a server that is looked up', requests: [get('/text'), last('/two')], host: 'localhost' },
  {
    title: 'recording a HAR',
    requests: [get('/text'), last('/chunked')],
    addons: recorder('made.har'),
    records: 'made.har',
  },
  {
    title: 'recording events to a dump',
    requests: [get('/events'), last('/text')],
    addons: recorder('made.mitm'),
    records: 'made.mitm',
  },
  { title: 'SOCKS5', requests: [get('/text'), last('/chunked')], way: 'socks' },
  {
    title: 'an upstream proxy of HTTP',
    requests: [get('/text'), last('/chunked')],
    upstreamProxy: 'http',
  },
  {
    title: 'CONNECT to an upstream proxy',
    requests: [get('/text'), last('/chunked')],
    way: 'tls',
    upstreamTls: true,
    upstreamProxy: 'http',
  },
  {
    title: 'an upstream proxy of SOCKS5',
    requests: [get('/text'), last('/chunked')],
    upstreamProxy: 'socks5',
  },
  {
    title: 'recording a WebSocket',
    requests: [],
    chats: true,
    addons: recorder('made.har'),
    records: 'made.har',
  },
  { title: 'replay of a WebSocket', requests: [], chats: true, addons: replay, stays: true },
  { title: 'replay', requests: [get('/text'), last('/chunked')], addons: replay, stays: true },
  { title: 'replay of a large body', requests: [last('/large')], addons: replay, stays: true },
  {
    title: 'a request that is killed',
    requests: [get('/text'), last('/two')],
    addons: () => [new KillUnmatched()],
    stays: true,
  },
  { title: 'offline', requests: [last('/text')], options: { offline: true }, stays: true },
];

describe('whatever fails on a socket', () => {
  const faults = new Faults();
  let origin: StrictOrigin;
  let secureOrigin: StrictOrigin;
  let held: Resources;

  before(async () => {
    held = resourcesNow();
    origin = await StrictOrigin.start();
    secureOrigin = await StrictOrigin.start(sharedAuthorityFolder());
    for (const one of [origin, secureOrigin]) one.answer = answer;
    faults.install();
  });

  after(async () => {
    faults.uninstall();
    await stopProxies();
    await origin.stop();
    await secureOrigin.stop();
    await settlesTo(held);
  });

  for (const scenario of SCENARIOS) {
    it(`${scenario.title}: nothing is added, nothing left over, others are served`, async function () {
      this.timeout(60_000);
      const folder = temporaryFolder();
      const chat = scenario.chats ? await WebSocketOrigin.start() : undefined;
      if (scenario.addons === replay) await (chat ? makeChat(folder, chat.port) : makeSource(folder));
      const server = chat ?? (scenario.upstreamTls ? secureOrigin : origin);
      const { upstreamProxy } = scenario;
      const before =
        upstreamProxy && (await (upstreamProxy === 'http' ? startHttpProxy() : startSocksProxy()));
      faults.upstream = new Set([before?.port ?? server.port]);
      const upstream = before && `${upstreamProxy}://127.0.0.1:${before.port}`;
      const stage = await Stage.start(scenario, { server, others: origin, folder, faults, upstream });
      const settled = resourcesNow();
      faults.begin();
      const good = await stage.run();
      faults.end();
      const operations = [...faults.operations];
      assert.ok(operations.length > 0);
      assert.deepEqual(await stage.run(), good, 'it is the same each time');
      let hurt = 0;
      for (const [at, operation] of operations.entries()) {
        for (const code of FAILURES[operation]) {
          const where = `${operation} ${at} of ${operations.length}: ${code}`;
          server.hangUp();
          faults.begin(at, code);
          const said = await within(stage.run(), where, 5_000);
          faults.end();
          if (said !== good) hurt += 1;
          try {
            stage.assertNothingAdded(said, good);
            await stage.ends.settled();
            await stage.assertServesOthers();
          } catch (error) {
            throw new Error(`${where}: ${(error as Error).message}\n${said}`, { cause: error });
          }
        }
      }
      assert.ok(hurt > 0 || good === '', 'no failure was felt');
      if (scenario.stays) assert.deepEqual([...stage.proxy.proxy.contacted], []);
      server.hangUp();
      origin.hangUp();
      if (before) stopTestProxies();
      await settlesTo(settled);
      await stage.proxy.proxy.stop();
      if (scenario.records) await assertReadable(path.join(folder, scenario.records));
      stopWebSockets();
      await stopProxies();
    });
  }

  /** A recorded WebSocket for those who replay it. */
  async function makeChat(folder: string, port: number): Promise<void> {
    const proxy = await startProxy([new Recorder({ to: path.join(folder, 'source.har') })]);
    assert.match(
      await chat(await proxy.tunnel('127.0.0.1', port, true), `127.0.0.1:${port}`),
      /^HTTP\/1\.1 101 /,
    );
    await proxy.proxy.stop();
  }

  /** A recording for those who replay one. */
  async function makeSource(folder: string): Promise<void> {
    const large = BIG.repeat(6);
    const proxy = await startProxy([
      new Recorder({ to: path.join(folder, 'source.har') }),
      ({ hooks }: MitmProxy) =>
        hooks.forward.tap('Aim', (request) =>
          Object.assign(request, { host: '127.0.0.1', port: origin.port }),
        ),
    ]);
    origin.answer = (request, connection) =>
      request.start[1] === '/large'
        ? void connection.socket.write(`${OK}Content-Length: ${large.length}\r\n\r\n${large}`)
        : answer(request, connection);
    for (const target of ['/text', '/chunked', '/large']) {
      const client = await proxy.open();
      await client.send(`GET http://server.example${target} HTTP/1.1\r\nHost: x\r\n${CLOSE}\r\n`).end();
    }
    origin.answer = answer;
    await proxy.proxy.stop();
  }
});

function answer({ start: [method, target] }: OriginRequest, { socket }: { socket: Socket }): void {
  const pieces = [...(ANSWERS[target] ?? [`${OK}Content-Length: ${target.length}\r\n\r\n${target}`])];
  const next = () => {
    const piece = pieces.shift();
    if (piece === undefined || socket.destroyed) return;
    if (piece === 'end') socket.end();
    else {
      socket.write(method === 'HEAD' ? piece.replace(/\r\n\r\n[^]*$/, '\r\n\r\n') : piece, 'latin1');
      // Apart enough to be read apart.
      setTimeout(next, 2);
    }
  };
  next();
}

/** A proxy in one scenario, and its client. */
class Stage {
  readonly ends: FlowEnds;

  private constructor(
    readonly scenario: Scenario,
    readonly server: { readonly port: number },
    readonly others: StrictOrigin,
    readonly proxy: WireProxy,
    readonly port: number,
  ) {
    this.ends = new FlowEnds(proxy.proxy);
  }

  static async start(
    scenario: Scenario,
    {
      server,
      others,
      folder,
      faults,
      upstream,
    }: {
      server: { readonly port: number };
      others: StrictOrigin;
      folder: string;
      faults: Faults;
      upstream: string | undefined;
    },
  ): Promise<Stage> {
    const { addons, options, way, upstreamTls } = scenario;
    const scheme = upstreamTls ? 'https' : 'http';
    const proxy = await startProxy(addons?.(folder) ?? [], {
      ...options,
      upstream: { insecure: true, ...(upstream !== undefined && { proxy: upstream }) },
      ...(way === 'reverse' && { mode: { reverse: `${scheme}://127.0.0.1:${server.port}` } }),
      ...(way === 'socks' && { listeners: ['socks5@127.0.0.1:0'] }),
      limits: { idle: 1000, webSocketClose: 100 },
    });
    const url =
      way === 'session' ? await proxy.proxy.session('one') : proxy.proxy.urls[way === 'socks' ? 1 : 0]!;
    const own = Number(new URL(url).port);
    faults.listening.clear();
    faults.listening.add(own);
    return new Stage(scenario, server, others, proxy, own);
  }

  /** What the client got, all of it. */
  async run(): Promise<string> {
    const { requests, pipelined } = this.scenario;
    const client = await this.#connect();
    if (!client) return '';
    if (this.scenario.chats) return chat(client, `127.0.0.1:${this.server.port}`);
    const texts = requests.map((one) => this.#bytes(one));
    if (pipelined) client.send(texts.join(''));
    else {
      let taken = 0;
      for (const [i, text] of texts.entries()) {
        if (client.ended) break;
        client.send(text);
        const { method } = requests[i]!;
        const from = taken;
        if (i === texts.length - 1) break;
        while (!client.ended && taken === from) {
          taken += lengthOfNext(client.received.slice(taken), method);
          if (taken === from) await new Promise(setImmediate);
        }
      }
    }
    return client.end();
  }

  assertNothingAdded(said: string, good: string): void {
    if (this.scenario.chats) return assertChat(said, good);
    let rest = said;
    let due = good;
    for (const { method } of this.scenario.requests) {
      const wanted = due.slice(0, lengthOfNext(due, method, true));
      due = due.slice(wanted.length);
      const length = lengthOfNext(rest, method);
      const got = rest.slice(0, length);
      if (length === 0) {
        assert.ok(wanted.startsWith(rest), 'what has begun is what was to come');
        return;
      }
      rest = rest.slice(length);
      if (got !== wanted) assertSentence(finalOf(got, method), method);
    }
    assert.equal(rest, '', 'nothing comes behind the last response');
  }

  async assertServesOthers(): Promise<void> {
    const { way, stays } = this.scenario;
    const target =
      stays || way === 'reverse' || way === 'socks' ? '/other' : `http://127.0.0.1:${this.others.port}/other`;
    const client = await this.#open();
    if (way === 'socks') await greetSocks(client, this.others.port);
    const said = await client.send(`GET ${target} HTTP/1.1\r\nHost: x\r\n${CLOSE}\r\n`).end();
    if (!stays && !this.scenario.upstreamTls) assert.match(said, /^HTTP\/1\.1 200 OK\r\n[^]*\/other$/);
    else assert.match(said, /^HTTP\/1\.1 \d/);
    await this.ends.settled();
  }

  /** Undefined when the tunnel does not come to stand. */
  async #connect(): Promise<RawClient | undefined> {
    const client = await this.#open();
    const { way, chats } = this.scenario;
    if (way === 'socks') return (await greetSocks(client, this.server.port)) ? client : undefined;
    if (way !== 'tls' && way !== 'tunnel' && way !== 'raw' && !chats) return client;
    const authority = `127.0.0.1:${this.server.port}`;
    try {
      client.send(`CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n\r\n`);
      await client.until(/^HTTP\/1\.1 200 [^]*\r\n\r\n$/);
      client.clear();
      return way === 'tls' ? await client.secure({ ca: this.proxy.ca, host: '127.0.0.1' }) : client;
    } catch {
      client.close();
      return undefined;
    }
  }

  #open(): Promise<RawClient> {
    return RawClient.open({ host: '127.0.0.1', port: this.port });
  }

  #bytes({ method, target, rest = '\r\n' }: Scenario['requests'][number]): string {
    const { way, host = '127.0.0.1', version = '1.1', stays } = this.scenario;
    const server = stays ? 'server.example' : `${host}:${this.server.port}`;
    const isWhole = way === undefined || way === 'session';
    return `${method} ${isWhole ? `http://${server}` : ''}${target} HTTP/${version}\r\nHost: ${server}\r\n${rest}`;
  }
}

/** Asks a SOCKS5 listener for a way to a port. False when there is none. */
async function greetSocks(client: RawClient, port: number): Promise<boolean> {
  try {
    client.send(Buffer.from([5, 1, 0]));
    await client.until(/^[^]\0/);
    client.clear().send(Buffer.from([5, 1, 0, 1, 127, 0, 0, 1, port >> 8, port & 255]));
    await client.until(/^[^]\0[^]{8}$/);
    client.clear();
    return true;
  } catch {
    client.close();
    return false;
  }
}

/** Says something on a WebSocket, each time once it has been echoed, and leaves. What came, all of it. */
async function chat(client: RawClient, host: string): Promise<string> {
  const lines = Object.entries(HANDSHAKE).map(([name, value]) => `${name}: ${value}\r\n`);
  client.send(`GET /chat HTTP/1.1\r\nHost: ${host}\r\n${lines.join('')}\r\n`);
  for (const [i, text] of [...SAID, undefined].entries()) {
    while (!client.ended && (framesOf(client.received)?.length ?? -1) < i) {
      const refusal = strictResponse(client.received, 'GET', false);
      if (refusal && refusal.start[1] !== '101') {
        client.close();
        return client.received;
      }
      await client.changed();
    }
    if (client.ended) break;
    client.send(text === undefined ? frame(0x88, closing(1000)) : frame(0x81, text));
  }
  return client.end();
}

/** The whole frames behind the head of a 101, none longer than 65,535 bytes; undefined when there is no such head. */
function framesOf(said: string): { readonly text: string; readonly isClose: boolean }[] | undefined {
  if (!/^HTTP\/1\.1 101 [^]*?\r\n\r\n/.test(said)) return undefined;
  const frames: { text: string; isClose: boolean }[] = [];
  let bytes = Buffer.from(said.slice(said.indexOf('\r\n\r\n') + 4), 'latin1');
  for (;;) {
    const isLong = (bytes[1] ?? 0) === 126;
    const head = isLong ? 4 : 2;
    if (bytes.length < head) return frames;
    const end = head + (isLong ? bytes.readUInt16BE(2) : bytes[1]!);
    if (bytes.length < end) return frames;
    frames.push({ text: bytes.toString('latin1', head, end), isClose: bytes[0] === 0x88 });
    bytes = bytes.subarray(end);
  }
}

/** Messages are those that were due, in their order, and only after all of them all is well. */
function assertChat(said: string, good: string): void {
  const frames = framesOf(said);
  if (!frames) {
    const refusal = strictResponse(said, 'GET', false);
    if (refusal) assertSentence(refusal, 'GET');
    else assert.ok(good.startsWith(said), 'what has begun is what was to come');
    return;
  }
  const messages = frames.filter(({ isClose }) => !isClose).map(({ text }) => text);
  assert.deepEqual(messages, SAID.slice(0, messages.length));
  const closes = frames.filter(({ isClose }) => isClose);
  assert.ok(
    closes.length <= 1 && (closes.length === 0 || frames.at(-1)!.isClose),
    'nothing follows a goodbye',
  );
  if (messages.length < SAID.length)
    assert.ok(
      closes.every(({ text }) => text.slice(0, 2) !== '\x03\xe8'),
      'a broken one does not end well',
    );
}

/** Bytes of the next response with those that only inform before it; 0 while it is not whole. */
function lengthOfNext(text: string, method: string, ended = false): number {
  const first = strictResponse(text, method, ended);
  if (!first) return 0;
  if (Number(first.start[1]) >= 200) return first.length;
  const next = lengthOfNext(text.slice(first.length), method, ended);
  return next && first.length + next;
}

function finalOf(text: string, method: string): StrictMessage {
  const first = strictResponse(text, method, true)!;
  return Number(first.start[1]) >= 200 ? first : finalOf(text.slice(first.length), method);
}

function assertSentence({ start, headers, body }: StrictMessage, method: string): void {
  assert.match(start[1], /^50[24]$/);
  assert.deepEqual(valuesOf(headers, 'content-type'), ['text/plain; charset=utf-8']);
  assert.match(body, method === 'HEAD' ? /^$/ : /^[^\r\n]+\n$/);
}

/** What is in it is what the server said, or says that it is not all of it. */
async function assertReadable(file: string): Promise<void> {
  const recording = await openRecording(file);
  assert.deepEqual(recording.warnings, []);
  assert.ok(recording.flows.length > 0);
  for (const { request, response, incomplete, webSocket = [] } of recording.flows) {
    for (const from of ['client', 'server']) {
      const said = webSocket.filter((one) => one.from === from && one.opcode === 1);
      assert.deepEqual(
        said.map(({ data }) => data.toString()),
        SAID.slice(0, said.length),
      );
    }
    if (!response || incomplete || response.status !== 200) continue;
    const wanted = finalOf(
      (ANSWERS[request.path] ?? [`${OK}Content-Length: 6\r\n\r\n/other`]).join(''),
      'GET',
    );
    assert.equal(response.body.bytesSync().toString('latin1'), wanted.body);
  }
  recording.close();
}
