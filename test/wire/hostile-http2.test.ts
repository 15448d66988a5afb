import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { connect as connectTls } from 'node:tls';
import { once } from 'node:events';
import { Recorder, type RecordedFlow } from 'replay-proxy';
import { END_HEADERS, END_STREAM, FRAME, fields, frame, words } from '../support/frame-origin';
import { RawClient } from '../support/raw-client';
import { opened, RawHttp2, settings } from '../support/raw-http2';
import { type Resources, resourcesNow, settlesTo } from '../support/resources';
import { StrictOrigin } from '../support/strict-origin';
import { sharedAuthorityFolder } from '../support/temp';
import { answerOf, startProxy, stopProxies, temporaryFolder, type WireProxy } from '../support/wire';

interface Case {
  readonly name: string;
  readonly frames: readonly string[];
  readonly outcome: string;
}

const CASES: readonly Case[] = readFileSync(path.join(__dirname, 'corpus/http2.txt'), 'utf8')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'))
  .map((line) => {
    const [name = '', frames = '', ...outcome] = line.split(' | ');
    return { name, frames: frames.split(' ; '), outcome: outcome.join(' | ') };
  });
/** The same code reads them whichever way they come: elsewhere than in reverse mode a sample is enough. */
const SAMPLE = 8;
const FRAMING = /^(?:host|content-length|transfer-encoding|connection)$/i;

describe('hostile HTTP/2', () => {
  after(stopProxies);

  it('has 80 cases or more', () => assert.ok(CASES.length >= 80, `${CASES.length}`));

  for (const mode of ['reverse', 'reverse over TLS', 'connect', 'connect over TLS'] as const) {
    it(`is refused, or forwarded as one message, in mode ${mode}`, async function () {
      this.timeout(60_000);
      const isTls = mode.endsWith('TLS');
      const test = await HostileHttp2.start(mode.startsWith('reverse'), isTls);
      const problems: string[] = [];
      for (const one of CASES.filter((_, at) => mode === 'reverse' || at % SAMPLE === 0)) {
        await test.run(one).catch((error: unknown) => {
          problems.push(`${one.name}: ${(error as Error).message.replace(/\s+/g, ' ')}`);
        });
      }
      if (problems.length > 0) assert.fail(`${problems.length} cases\n${problems.join('\n')}`);
      await test.settled();
      assert.deepEqual(test.proxy.warnings, []);
    });
  }
});

class HostileHttp2 {
  readonly recorded: RecordedFlow[] = [];
  #witness: RawClient | undefined;
  #held: Resources = {};

  private constructor(
    readonly proxy: WireProxy,
    readonly origin: StrictOrigin,
    readonly isReverse: boolean,
    readonly isTls: boolean,
  ) {
    Recorder.hooks(proxy.proxy).written.tap('Watch', (flow) => void this.recorded.push(flow));
  }

  static async start(isReverse: boolean, isTls: boolean): Promise<HostileHttp2> {
    const origin = await StrictOrigin.start(isTls && !isReverse ? sharedAuthorityFolder() : undefined);
    const proxy = await startProxy(
      [new Recorder({ to: path.join(temporaryFolder(), 'hostile.mitm'), fresh: false })],
      {
        ...(isReverse && { mode: { reverse: `http://127.0.0.1:${origin.port}` } }),
        upstream: { insecure: true, http2: false },
      },
    );
    const test = new HostileHttp2(proxy, origin, isReverse, isTls);
    await test.#bearWitness();
    test.#held = resourcesNow();
    return test;
  }

  async run({ frames, outcome }: Case): Promise<void> {
    this.origin.clear();
    this.recorded.length = 0;
    const http2 = new RawHttp2(await this.#open()).greet();
    try {
      assert.ok(await http2.until(() => http2.settings > 0), 'no settings came');
      http2.acknowledge().send(Buffer.concat(frames.map(bytesOf)));
      const wanted = outcome.replace(/ > .*|, whole before/s, '').split(' or ');
      const became = await this.#fate(http2, /^goaway/.test(outcome), outcome === 'nothing');
      assert.ok(
        wanted.some((one) => (one === '4xx' ? /^4\d\d$|^501$/ : new RegExp(`^${one}$`)).test(became)),
        `it became ${became}, wanted ${wanted.join(' or ')}`,
      );
      if (!became.startsWith('goaway')) await this.#goesOn(http2);
      if (/ > /.test(outcome)) this.#compare(outcome.slice(outcome.indexOf(' > ') + 3));
      else if (!/whole before/.test(outcome))
        assert.equal(this.#arrived().length, 0, 'upstream got a request');
      assert.deepEqual(this.origin.faults, []);
      await this.#bearWitness();
    } finally {
      http2.client.close();
    }
  }

  async settled(): Promise<void> {
    this.origin.hangUp();
    await settlesTo(this.#held);
    this.#witness?.close();
    await this.origin.stop();
  }

  /** What has become of stream 1, or of the connection. */
  async #fate(http2: RawHttp2, isLast: boolean, isSilent: boolean): Promise<string> {
    const stream = http2.stream(1);
    const isOver = () => http2.goaway !== undefined || http2.ended;
    await http2.until(
      () => isOver() || (!isLast && (stream.ended || stream.reset !== undefined)),
      isSilent ? 20 : undefined,
    );
    if (isOver()) return 'goaway';
    if (stream.reset !== undefined) return `reset ${stream.reset}`;
    if (stream.statuses.length === 0) return 'nothing';
    return stream.statuses.join();
  }

  async #goesOn(http2: RawHttp2): Promise<void> {
    http2.send(bytesOf('H99 :method=GET :scheme=http :authority=shop.example :path=/next'));
    const next = http2.stream(99);
    await http2.until(() => next.ended || next.reset !== undefined);
    assert.deepEqual([next.statuses, next.reset], [[200], undefined], 'the next request');
  }

  #compare(expected: string): void {
    const [head = '', body = ''] = expected.split(' ~~ ');
    const lines = head.split(' ~ ').map(unescape);
    const [request, ...others] = this.#arrived();
    assert.equal(others.length, 0);
    assert.ok(request, 'upstream got nothing');
    const fieldLines = (pairs: Iterable<readonly [string, string]>) =>
      [...pairs].filter(([name]) => !FRAMING.test(name)).map(([name, value]) => `${name}: ${value}`.trim());
    assert.deepEqual([request.start.join(' '), ...fieldLines(request.headers)], lines);
    assert.equal(request.body, unescape(body));
    const [flow] = this.recorded.filter(({ request: { path: target } }) => target !== '/next');
    assert.ok(flow, 'nothing was recorded');
    assert.equal(flow.request.body.bytesSync().toString('latin1'), unescape(body), 'the recorded body');
    const isOwn = ([name]: readonly [string, string]) => !/^te$/i.test(name);
    assert.deepEqual(
      [
        `${flow.request.method} ${flow.request.path} HTTP/1.1`,
        ...fieldLines([...flow.request.headers].filter(isOwn)),
      ],
      lines.filter((line) => !/^te:/i.test(line)),
      'what was recorded',
    );
  }

  #arrived(): StrictOrigin['requests'] {
    return this.origin.requests.filter(
      ({ start: [, target] }) => target !== '/next' && target !== '/witness',
    );
  }

  async #open(): Promise<RawClient> {
    const ca = { ca: this.proxy.ca, ALPNProtocols: ['h2'] };
    const client = await (this.isReverse
      ? this.proxy.open()
      : this.proxy.tunnel('127.0.0.1', this.origin.port, true));
    if (!this.isTls) return client;
    client.socket.removeAllListeners('data');
    const secured = connectTls({ ...ca, socket: client.socket, servername: 'shop.example' });
    await once(secured, 'secureConnect');
    assert.equal(secured.alpnProtocol, 'h2');
    return new RawClient(secured);
  }

  /** Another client, of HTTP/1, is served as if nothing was. */
  async #bearWitness(): Promise<void> {
    this.#witness ??= await (this.isReverse
      ? this.proxy.open()
      : this.proxy.tunnel('127.0.0.1', this.origin.port, !this.isTls));
    this.#witness.send('GET /witness HTTP/1.1\r\nHost: witness.example\r\n\r\n');
    assert.equal((await answerOf(this.#witness))?.status, 200, 'the witness');
  }
}

function bytesOf(notation: string): Buffer {
  const [, kind = '', id = '', more, rest = ''] = /^([A-Z]+)(\d*)([+-]?)(?: (.*))?$/.exec(notation) ?? [];
  const stream = Number(id);
  const parts = rest === '' ? [] : rest.split(' ');
  switch (kind) {
    case 'H':
      return frame(
        FRAME.headers,
        (more === '+' ? 0 : END_HEADERS) | (more === '-' ? 0 : END_STREAM),
        stream,
        fieldBlock(parts),
      );
    case 'T':
      return frame(FRAME.headers, END_HEADERS | END_STREAM, stream, fieldBlock(parts));
    case 'C':
      return frame(FRAME.continuation, more === '+' ? 0 : END_HEADERS, stream, fieldBlock(parts));
    case 'D':
      return frame(FRAME.data, more === '-' ? 0 : END_STREAM, stream, unescape(rest));
    case 'R':
      return frame(FRAME.reset, 0, stream, words(Number(rest)));
    case 'W':
      return opened(stream, Number(rest));
    case 'P':
      return frame(FRAME.ping, 0, 0, rest);
    case 'S':
      return frame(
        FRAME.settings,
        0,
        0,
        settings(...parts.map((pair) => pair.split('=').map(Number) as [number, number])),
      );
    case 'RAW':
      return Buffer.from(rest, 'hex');
    case 'X': {
      const [type = '0', flags = '0', to = '0', payload = ''] = parts;
      return frame(parseInt(type, 16), parseInt(flags, 16), Number(to), Buffer.from(payload, 'hex'));
    }
    default:
      throw new Error(`no frame: ${notation}`);
  }
}

function fieldBlock(parts: readonly string[]): Buffer {
  return fields(
    parts.flatMap((part): (readonly [string, string])[] => {
      if (/^(?:GET|POST|HEAD)$/.test(part))
        return [
          [':method', part],
          [':scheme', 'http'],
          [':authority', 'shop.example'],
          [':path', '/p'],
        ];
      const at = part.indexOf('=', 1);
      return [[unescape(at < 0 ? '' : part.slice(0, at)), unescape(part.slice(at < 0 ? 1 : at + 1))]];
    }),
  );
}

function unescape(text: string): string {
  return text
    .replace(/\\s/g, ' ')
    .replace(/\\x([\da-f]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
}
