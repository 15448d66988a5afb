import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { openRecording, Recorder } from 'replay-proxy';
import { CertificateAuthority } from '../../src/transport/certificate-authority';
import { BIG, BINARY, Origin } from '../support/origin';
import type { RawClient } from '../support/raw-client';
import { answerOf, replayAddons, startProxy, stopProxies, temporaryFolder } from '../support/wire';
import type { WireProxy } from '../support/wire';
import type { WireResponse } from '../support/wire-response';

type Ask = [method: string, target: string, headers?: string[], body?: string | Buffer];

const BOUNDARY = '--xYz\r\nContent-Disposition: form-data; name="f"; filename="a.bin"\r\n\r\n';
const ASKED: Ask[] = [
  ['GET', '/text'],
  ['HEAD', '/text'],
  ['GET', '/gzip', ['Accept-Encoding: gzip']],
  ['GET', '/chunked'],
  ['GET', '/trailers', ['TE: trailers']],
  ['GET', '/binary'],
  ['GET', '/big'],
  ['GET', '/none'],
  ['GET', '/empty'],
  ['GET', '/reason'],
  ['GET', '/cached', ['If-None-Match: "v1"']],
  ['GET', '/redirect'],
  ['GET', '/cookies?a=%20&b=+&b=c;d'],
  ['GET', '/events', ['Accept: text/event-stream']],
  ['GET', '/close'],
  ['POST', '/json', ['Content-Type: application/json'], '{"a":[1,2,{"b":null}],"c":"\\u00e9é"}'],
  ['POST', '/form', ['Content-Type: application/x-www-form-urlencoded'], 'a=1&b=%20x&a=2'],
  ['POST', '/mp', ['Content-Type: multipart/form-data; boundary=xYz'], `${BOUNDARY}\x00\xff\r\n--xYz--\r\n`],
  ['PUT', '/bytes', ['Content-Type: application/octet-stream'], BINARY],
  ['POST', '/empty-post', ['Content-Length: 0']],
  ['PATCH', '/large', ['Content-Type: text/plain'], BIG],
  ['DELETE', '/item/1'],
  ['OPTIONS', '/item/1'],
  ['GET', '/twice'],
  ['GET', '/twice'],
];
const FRAMING = /^(content-length|transfer-encoding|connection|trailer)$/i;

describe('what was recorded over the wire', () => {
  let plain: Origin;
  let secure: Origin;
  let originFolder: string;
  let originCa: string;

  before(async () => {
    originFolder = mkdtempSync(path.join(tmpdir(), 'replay-proxy-origin-'));
    originCa = (await CertificateAuthority.open(originFolder, Date.now)).certificatePem;
  });
  beforeEach(async () => {
    [plain, secure] = await Promise.all([Origin.start(), Origin.start(originFolder)]);
  });
  after(() => rmSync(originFolder, { recursive: true }));
  afterEach(async () => {
    await Promise.all([plain.stop(), secure.stop()]);
    await stopProxies();
  });

  const modes: Record<string, { origin: () => Origin; reverse?: boolean; tunnel?: boolean }> = {
    'a regular proxy': { origin: () => plain },
    'CONNECT and TLS': { origin: () => secure, tunnel: true },
    'CONNECT without TLS': { origin: () => plain, tunnel: true },
    'reverse mode': { origin: () => plain, reverse: true },
    'reverse mode to a TLS origin': { origin: () => secure, reverse: true },
  };

  for (const [name, { origin, reverse = false, tunnel = false }] of Object.entries(modes)) {
    for (const kind of ['har', 'mitm'] as const) {
      it(`replays as it was, as ${kind} through ${name}`, async () => {
        const to = path.join(temporaryFolder(), `session.${kind}`);
        const { url, scheme, port } = origin();
        const options = { upstream: { ca: originCa }, ...(reverse && { mode: { reverse: url } }) };
        const target = tunnel || reverse ? '' : url;
        const connect = (proxy: WireProxy) =>
          tunnel ? proxy.tunnel('127.0.0.1', port, scheme === 'http') : proxy.open();

        const recorder = await startProxy([new Recorder({ to })], options);
        const live = await askAll(() => connect(recorder), target, port);
        assert.deepEqual(
          recorder.flows.map(({ outcome, error }) => error?.message ?? outcome),
          ASKED.map(() => 'forwarded'),
        );
        assert.deepEqual(recorder.warnings, []);
        const asked = origin().seen.length;
        assert.equal(asked, ASKED.length);
        await recorder.proxy.stop();
        await origin().stop();

        const lines: string[] = [];
        const addons = replayAddons([to], { now: false, warn: (line) => lines.push(line) });
        const replay = await startProxy(addons, options);
        assert.deepEqual(lines, []);
        const replayed = await askAll(() => connect(replay), target, port);
        for (const [at, answer] of replayed.entries())
          assert.deepEqual(bare(answer), bare(live[at]!), ASKED[at]!.slice(0, 2).join(' '));
        assert.ok(replay.flows.every(({ outcome }) => outcome === 'replayed'));
        const client = await connect(replay);
        assert.equal(await ask(client, ['GET', '/twice'], target, port), undefined);
        assert.deepEqual([...replay.proxy.contacted], []);
        assert.equal(origin().seen.length, asked);
      });
    }
  }

  it('is what the origin sent', async () => {
    const to = path.join(temporaryFolder(), 'session.har');
    const recorder = await startProxy([new Recorder({ to })]);
    const live = await askAll(() => recorder.open(), plain.url, plain.port);
    const [text, head] = live as [WireResponse, WireResponse];
    assert.equal(text.body.toString(), 'hello, wörld\n');
    assert.equal(head.headers.find(([key]) => key === 'Content-Length')?.[1], '14');
    const cached = plain.requests[ASKED.findIndex(([, target]) => target === '/cached')]!;
    assert.equal(cached.headers['if-none-match'], undefined, 'upstream is asked for the whole response');
    assert.equal(live[ASKED.findIndex(([, target]) => target === '/cached')]!.status, 200);
    assert.equal(live[ASKED.findIndex(([, target]) => target === '/trailers')]!.trailers[0]?.[1], '42');
    assert.deepEqual(live.find(({ body }) => body.length === BIG.length)?.body, BIG);
    assert.equal(live.find(({ status }) => status === 418)?.reason, "I'm a tea pot, M\xc3\xbcnchen");
    const cookies = live[ASKED.findIndex(([, target]) => target.startsWith('/cookies'))]!;
    assert.deepEqual(
      cookies.headers.map((pair) => pair.join(': ')),
      [
        'Date: Sun, 01 Nov 2026 00:00:00 GMT',
        'Set-Cookie: a=1; Expires=Sun, 01 Nov 2026 00:00:00 GMT; Path=/',
        'set-COOKIE: b=; Secure',
        'X-Dup: 1',
        'Vary: Cookie',
        'x-dup: 2',
        'X-Empty: ',
        'X-Latin: caf\xe9',
        'Content-Length: 6',
        'X-Count: 13',
      ],
    );

    await recorder.proxy.stop();
    assert.equal(statSync(to).mode & 0o777, 0o600);
    const side = path.join(path.dirname(to), 'session.har.bodies');
    assert.ok(existsSync(side), readdirSync(path.dirname(to)).join(' '));
    const har = JSON.parse(readFileSync(to, 'utf8')) as { log: { entries: unknown[] } };
    assert.equal(har.log.entries.length, ASKED.length);
    const recording = await openRecording(to);
    assert.match(readFileSync(to, 'utf8'), /"_replay":\{"sealed":true \}/);
    assert.deepEqual(recording.warnings, []);
    recording.close();
  });

  it('goes on behind what was recorded before', async () => {
    for (const kind of ['har', 'mitm']) {
      const to = path.join(temporaryFolder(), `session.${kind}`);
      for (const [at, append] of [false, true, true].entries()) {
        const recorder = await startProxy([new Recorder({ to, append })]);
        await ask(await recorder.open(), ['GET', `/part/${at}`], plain.url, plain.port);
        await recorder.proxy.stop();
      }
      const recording = await openRecording(to);
      assert.deepEqual(
        recording.flows.map(({ request }) => request.path),
        ['/part/0', '/part/1', '/part/2'],
      );
      recording.close();
    }
  });

  it('leaves out what is replayed, and keeps what failed or broke off as no candidate', async () => {
    for (const kind of ['har', 'mitm']) {
      const to = path.join(temporaryFolder(), `session.${kind}`);
      const recorder = await startProxy([new Recorder({ to })]);
      const { url: whole, port: at } = plain;
      assert.equal((await ask(await recorder.open(), ['GET', '/broken'], whole, at))?.status, 502);
      const gone = await Origin.start();
      const { url, port } = gone;
      await gone.stop();
      assert.equal((await ask(await recorder.open(), ['GET', '/gone'], url, port))?.status, 502);
      const recording = await openRecording(to);
      assert.equal(recording.flows.length, 2, 'both are in the file when the client sees the 502');
      recording.close();
      await recorder.proxy.stop();

      const lines: string[] = [];
      const replay = await startProxy(replayAddons([to], { warn: (line) => lines.push(line) }));
      assert.match(lines.join('\n'), /2 of 2 entries cannot answer/);
      assert.equal(await ask(await replay.open(), ['GET', '/gone'], url, port), undefined);
      assert.equal(await ask(await replay.open(), ['GET', '/broken'], whole, at), undefined);
    }
  });

  it('is no candidate without the folder of its large bodies, which is said', async () => {
    const to = path.join(temporaryFolder(), 'session.har');
    const recorder = await startProxy([new Recorder({ to })]);
    for (const target of ['/big', '/text'])
      await ask(await recorder.open(), ['GET', target], plain.url, plain.port);
    await recorder.proxy.stop();
    rmSync(`${to}.bodies`, { recursive: true });
    const lines: string[] = [];
    const replay = await startProxy(replayAddons([to], { warn: (line) => lines.push(line) }));
    assert.match(
      lines.join('\n'),
      /entry 1 [^\n]* attachment [^\n]*not stored\n[^\n]*1 of 2 entries cannot answer/,
    );
    assert.equal(await ask(await replay.open(), ['GET', '/big'], plain.url, plain.port), undefined);
    assert.equal((await ask(await replay.open(), ['GET', '/text'], plain.url, plain.port))?.status, 200);
  });

  /** Asks for everything in order on one connection as long as it is kept. */
  async function askAll(
    connect: () => Promise<RawClient>,
    target: string,
    port: number,
  ): Promise<WireResponse[]> {
    let client = await connect();
    const answers: WireResponse[] = [];
    for (const one of ASKED) {
      const answer = await ask(client, one, target, port);
      assert.ok(answer, `${one.slice(0, 2).join(' ')} was answered`);
      answers.push(answer);
      if (answer.headers.some(([name, value]) => /^connection$/i.test(name) && value === 'close'))
        client = await connect();
    }
    client.close();
    return answers;
  }

  async function ask(
    client: RawClient,
    [method, target, headers = [], body = '']: Ask,
    base: string,
    port: number,
  ): Promise<WireResponse | undefined> {
    const content = typeof body === 'string' ? Buffer.from(body, 'latin1') : body;
    const length = content.length > 0 ? [`Content-Length: ${content.length}`] : [];
    const lines = [`${method} ${base}${target} HTTP/1.1`, `Host: 127.0.0.1:${port}`, ...headers, ...length];
    client.send(Buffer.concat([Buffer.from(`${lines.join('\r\n')}\r\n\r\n`, 'latin1'), content]));
    return answerOf(client, method);
  }
});

/** A response without what belongs to its connection. */
function bare({ headers, version: _version, ...rest }: WireResponse) {
  return { ...rest, headers: headers.filter(([name]) => !FRAMING.test(name)) };
}
