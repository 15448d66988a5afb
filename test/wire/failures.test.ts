import assert from 'node:assert/strict';
import { type Flow, KillUnmatched, type MitmProxy, Recorder } from 'replay-proxy';
import path from 'node:path';
import { openRecording } from 'replay-proxy';
import { RawOrigin } from '../support/raw-origin';
import { startProxy, stopProxies, temporaryFolder, type WireProxy } from '../support/wire';

const CLOSE = 'Connection: close\r\n\r\n';
const EVENTS = 'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n';

describe('failure of upstream', () => {
  let origin: RawOrigin | undefined;

  afterEach(async () => {
    await stopProxies();
    await origin?.stop();
    origin = undefined;
  });

  const say = async (proxy: WireProxy, url: string, rest = CLOSE) =>
    (await proxy.open()).send(`GET ${url} HTTP/1.1\r\nHost: x\r\n${rest}`).end();
  const oneSentence = (answer: string, status: string) => {
    assert.match(answer, new RegExp(`^HTTP/1\\.1 ${status}\\r\\n`));
    assert.match(answer, /\r\ncontent-type: text\/plain; charset=utf-8\r\n/);
    assert.match(answer, /\r\n\r\n[^\r\n]+\n$/);
  };

  it('that refuses gives 502 and says which', async () => {
    origin = await RawOrigin.always('');
    const { where } = origin;
    await origin.stop();
    const proxy = await startProxy([]);
    const answer = await say(proxy, `http://${where}/`);
    oneSentence(answer, '502 Bad Gateway');
    assert.ok(answer.includes(where), answer);
    assert.deepEqual(outcomes(proxy.flows), ['failed']);
  });

  it('that resets, closes or talks nonsense before its head is through gives 502', async () => {
    for (const [bytes, then] of [
      ['', 'reset'],
      ['', 'end'],
      ['HTTP/1.1 200 OK\r\nContent-Le', 'end'],
      ['SSH-2.0-OpenSSH\r\n', 'keep'],
      ['HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab', 'keep'],
      ['HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc', 'end'],
      ['HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc', 'reset'],
      ['HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n', 'keep'],
      ['HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n', 'end'],
    ] as const) {
      origin = await RawOrigin.always(bytes, then);
      const proxy = await startProxy([]);
      oneSentence(await say(proxy, `http://${origin.where}/`), '502 Bad Gateway');
      await origin.stop();
    }
  });

  it('that says nothing gives 504', async () => {
    origin = await RawOrigin.start(() => {});
    const proxy = await startProxy([], { limits: { upstreamResponse: 60 } });
    oneSentence(await say(proxy, `http://${origin.where}/`), '504 Gateway Timeout');
  });

  for (const then of ['reset', 'end'] as const) {
    it(`in mid-body (${then}) adds nothing to what has begun, and is recorded as cut short`, async () => {
      for (const framing of ['Content-Length: 100\r\n', 'Transfer-Encoding: chunked\r\n']) {
        const chunked = framing.startsWith('Transfer');
        const part = 'data: 1\n\n';
        origin = await RawOrigin.always(
          `${EVENTS}${framing}\r\n${chunked ? `9\r\n${part}\r\n` : part}`,
          then,
        );
        const to = path.join(temporaryFolder(), 'cut.har');
        const proxy = await startProxy([new Recorder({ to })]);
        const answer = await say(proxy, `http://${origin.where}/`);
        const [, body] = answer.split('\r\n\r\n');
        assert.equal(body, chunked ? `9\r\n${part}\r\n` : part, answer);
        assert.doesNotMatch(answer, /\r\n0\r\n/);
        assert.deepEqual(outcomes(proxy.flows), ['failed']);
        await proxy.proxy.stop();
        const recording = await openRecording(to);
        assert.equal(recording.flows[0]?.incomplete, true);
        recording.close();
        await origin.stop();
      }
    });
  }

  it('in a body whose end is the end of the connection resets that of the client', async () => {
    origin = await RawOrigin.always(`${EVENTS}\r\ndata: 1\n\n`, 'reset');
    const proxy = await startProxy([]);
    const client = await proxy.open();
    const errors: string[] = [];
    client.socket.on('error', ({ code }: NodeJS.ErrnoException) => errors.push(code ?? ''));
    client.send(`GET http://${origin.where}/ HTTP/1.0\r\nHost: x\r\n\r\n`);
    await client.end();
    assert.match(client.received, /^HTTP\/1\.1 200 OK\r\n/);
    assert.deepEqual(errors, ['ECONNRESET']);
  });

  it('leaves the next flow alone, and bytes behind a response never reach it', async () => {
    origin = await RawOrigin.start((socket, soFar) => {
      if (!soFar.endsWith('\r\n\r\n')) return;
      const at = soFar.split('\r\n\r\n').length - 1;
      socket.write(
        `HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n#${at}HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil`,
      );
    });
    const proxy = await startProxy([]);
    for (let i = 0; i < 3; i += 1) {
      const answer = await say(proxy, `http://${origin.where}/${i}`);
      assert.doesNotMatch(answer, /evil/);
      assert.match(answer, /\r\n\r\n#1$|^HTTP\/1\.1 502/);
    }
  });

  it('of a raw tunnel counts as contact', async () => {
    origin = await RawOrigin.always('');
    const { where } = origin;
    await origin.stop();
    const proxy = await startProxy([
      ({ hooks }: MitmProxy) => hooks.connect.tap('PassOn', () => 'tunnel' as const),
    ]);
    const client = await proxy.open();
    assert.match(await client.send(`CONNECT ${where} HTTP/1.1\r\nHost: x\r\n\r\n`).end(), /^HTTP\/1\.1 502 /);
    assert.deepEqual([...proxy.proxy.contacted], [where]);
  });

  it('is answered by the addon that taps `error`, which must not throw itself', async () => {
    const proxy = await startProxy([
      new KillUnmatched(),
      ({ hooks }: MitmProxy) => {
        hooks.request.tap('Broken', ({ request }) => {
          throw new Error(`oh no, ${request.path}`);
        });
        hooks.error.tap('Broken', (_, { request }) => {
          if (request.path === '/twice') throw new Error('and again');
        });
      },
    ]);
    for (const name of ['/once', '/twice'])
      oneSentence(await say(proxy, `http://x.example${name}`), '502 Bad Gateway');
    assert.deepEqual([...proxy.proxy.contacted], []);
  });
});

const outcomes = (flows: readonly Flow[]) => flows.map(({ outcome }) => outcome);
