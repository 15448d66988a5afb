import assert from 'node:assert/strict';
import path from 'node:path';
import { openRecording, type ProxyOptions, Recorder } from 'replay-proxy';
import { FlowEnds } from '../support/flow-ends';
import { answerTo, wordsClient, WordsServer } from '../support/grpc';
import { ask, closeHttp2Clients, type Http2Answer, startHttp2 } from '../support/http2-client';
import { Http2Origin } from '../support/http2-origin';
import { BREAKS, frameLength, type PieceLength, recordLength, Relay } from '../support/relay';
import { type Resources, resourcesNow, settlesTo } from '../support/resources';
import { startProxy, stopProxies, temporaryFolder } from '../support/wire';
import { within } from '../support/within';

const BIG = 'all of a large body; '.repeat(5_000);
const BODIES: Readonly<Record<string, string>> = { '/parts': 'onetwo', '/upload': 'taken', '/big': BIG };
/** What comes of a call, and what is wrong with it. */
type Outcome = { readonly isGood: boolean; readonly problem?: string };

interface Scenario {
  readonly title: string;
  /** Where connections break. */
  readonly side: 'client' | 'upstream';
  readonly lengthOf: PieceLength;
  readonly scheme?: 'https';
  readonly grpc?: boolean;
}

const SCENARIOS: readonly Scenario[] = [
  { title: 'HTTP/2 from a client', side: 'client', lengthOf: frameLength },
  { title: 'HTTP/2 from a client over TLS', side: 'client', lengthOf: recordLength, scheme: 'https' },
  { title: 'HTTP/2 to a server', side: 'upstream', lengthOf: frameLength },
  { title: 'HTTP/2 to a server over TLS', side: 'upstream', lengthOf: recordLength, scheme: 'https' },
  { title: 'gRPC from a client', side: 'client', lengthOf: frameLength, grpc: true },
  { title: 'gRPC to a server', side: 'upstream', lengthOf: frameLength, grpc: true },
];

describe('wherever a connection of HTTP/2 breaks', () => {
  const origins: Partial<Record<'http' | 'https', Http2Origin>> = {};
  let words: WordsServer;
  let held: Resources;

  before(async () => {
    held = resourcesNow();
    for (const scheme of ['http', 'https'] as const)
      origins[scheme] = await Http2Origin.start(scheme, answer);
    words = await WordsServer.start();
  });
  after(async () => {
    await stopProxies();
    await Promise.all([origins.http!.stop(), origins.https!.stop()]);
    words.stop();
    await settlesTo(held);
  });

  for (const scenario of SCENARIOS) {
    it(`${scenario.title}: nothing passes for whole that is not, nothing is left over, others are served`, async function () {
      this.timeout(60_000);
      const { side, lengthOf, scheme = 'http', grpc } = scenario;
      const server = grpc ? words.port : origins[scheme]!.port;
      const relay = await Relay.start(server, lengthOf);
      const reverse = `${scheme}://127.0.0.1:${side === 'client' ? server : relay.port}`;
      const options: ProxyOptions = { mode: { reverse }, upstream: { insecure: true } };
      const file = path.join(temporaryFolder(), 'made.har');
      const proxy = await startProxy([new Recorder({ to: file })], options);
      if (side === 'client') relay.to = proxy.port;
      const { ca } = proxy;
      const ends = new FlowEnds(proxy.proxy);
      const run = (port: number) => (grpc ? call(port) : askAll(port, scheme === 'https' ? ca : undefined));
      const broken = side === 'client' ? relay.port : proxy.port;
      relay.begin();
      const good = await run(broken);
      assert.deepEqual(
        good.filter(({ isGood }) => !isGood),
        [],
      );
      await ends.settled();
      const pieces = relay.pieces;
      assert.ok(pieces > 5, 'pieces were counted');
      let hurt = 0;
      for (let at = 0; at < pieces; at += 1) {
        for (const how of BREAKS) {
          const where = `${how} at piece ${at} of ${pieces}`;
          relay.hangUp();
          relay.begin(at, how);
          const outcomes = await within(run(broken), where, 5_000);
          relay.begin();
          if (outcomes.some(({ isGood }) => !isGood)) hurt += 1;
          assert.deepEqual(
            outcomes.flatMap(({ problem }) => problem ?? []),
            [],
            where,
          );
          await within(ends.settled(), `${where}: the ends of flows`, 5_000);
          const others = await within(run(proxy.port), `${where}: others`, 5_000);
          assert.ok(
            others.every(({ isGood }) => isGood),
            `${where}: others are not served`,
          );
        }
      }
      assert.ok(hurt > 0, 'no break was felt');
      assert.deepEqual(proxy.warnings, []);
      await proxy.proxy.stop();
      relay.stop();
      await assertReadable(file);
      await stopProxies();
    });
  }
});

function answer(
  ...[stream, { ':path': target = '' }]: Parameters<Parameters<typeof Http2Origin.start>[1]>
): void {
  const body = BODIES[target] ?? '';
  stream.resume().once('end', () => {
    if (stream.destroyed) return;
    stream.respond({ ':status': 200, 'content-type': 'text/plain' }, { waitForTrailers: true });
    stream.on('wantTrailers', () => stream.sendTrailers({ 'x-sum': String(body.length) }));
    const half = body.length >> 1;
    stream.write(body.slice(0, half));
    setTimeout(() => stream.end(body.slice(half)), 2);
  });
}

/** Three requests at a time on one connection. */
async function askAll(port: number, ca?: string): Promise<Outcome[]> {
  const session = startHttp2({ host: '127.0.0.1', port }, ca === undefined ? {} : { ca });
  try {
    const asked = Object.keys(BODIES).map(async (target) => {
      const method = target === '/upload' ? 'POST' : 'GET';
      try {
        const body = method === 'POST' ? 'content' : '';
        return judge(target, await ask(session, { ':path': target, ':method': method }, body));
      } catch {
        // The connection had gone before it was asked for a stream.
        return { isGood: false };
      }
    });
    return await Promise.all(asked);
  } finally {
    closeHttp2Clients();
  }
}

function judge(target: string, { status, headers, body, trailers, code }: Http2Answer): Outcome {
  const wanted = BODIES[target]!;
  const text = body.toString('latin1');
  const isWhole = text === wanted && trailers['x-sum'] === String(wanted.length);
  const about = `${target}: status ${status}, code ${code}, ${text.length} of ${wanted.length} bytes, trailers ${JSON.stringify(trailers)}`;
  if (status === 200) {
    if (!wanted.startsWith(text)) return { isGood: false, problem: `something was added; ${about}` };
    if (code === 0 && !isWhole)
      return { isGood: false, problem: `a cut body ended as if it was whole; ${about}` };
    return { isGood: code === 0 };
  }
  const isSentence = /^[^\r\n]+\n$/.test(text) && headers['content-type'] === 'text/plain; charset=utf-8';
  if (code === 0 && !((status === 502 || status === 504) && isSentence))
    return { isGood: false, problem: `no response, and no reset; ${about}` };
  return { isGood: false };
}

/** Two calls on one connection. */
async function call(port: number): Promise<Outcome[]> {
  const client = wordsClient(port);
  try {
    const one = (word: string) =>
      answerTo((done) => client.upper(word, done)).then(
        (said): Outcome =>
          said === word.toUpperCase()
            ? { isGood: true }
            : { isGood: false, problem: `${word} was answered with ${said}` },
        ({ code }: { code?: number }): Outcome =>
          code !== undefined && code > 0
            ? { isGood: false }
            : { isGood: false, problem: `${word} failed with ${code}` },
      );
    return await Promise.all([one('one'), one('two'.repeat(2_000))]);
  } finally {
    client.close();
  }
}

/** What does not say that it is not all of it is all that the server said. */
async function assertReadable(file: string): Promise<void> {
  const recording = await openRecording(file);
  assert.deepEqual(recording.warnings, []);
  assert.ok(recording.flows.length > 0);
  for (const { request, response, incomplete, error } of recording.flows) {
    const wanted = BODIES[request.path];
    if (!response || incomplete || error || response.status !== 200 || wanted === undefined) continue;
    assert.equal(response.body.bytesSync().toString('latin1'), wanted);
  }
  recording.close();
}
