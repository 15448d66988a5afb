import assert from 'node:assert/strict';
import { constants } from 'node:http2';
import path from 'node:path';
import { Recorder } from 'replay-proxy';
import { ask, closeHttp2Clients, openHttp2 } from '../support/http2-client';
import { BIG, Origin } from '../support/origin';
import {
  answerOf,
  replayAddons,
  startProxy,
  stopProxies,
  temporaryFolder,
  type WireProxy,
} from '../support/wire';

const PATHS = ['/text', '/gzip', '/trailers', '/binary', '/big', '/none', '/reason', '/cookies', '/events'];
const HEADERS = { accept: 'text/plain', cookie: 'a=1; b=2' };

describe('HTTP/2 and HTTP/1.1', () => {
  let origin: Origin;
  before(async () => (origin = await Origin.start()));
  after(() => origin.stop());
  afterEach(async () => {
    closeHttp2Clients();
    await stopProxies();
  });

  interface Got {
    readonly status: number | undefined;
    readonly body: string;
    readonly fields: string;
  }

  const clients = {
    async 'HTTP/2'(proxy: WireProxy): Promise<(target: string) => Promise<Got>> {
      const session = await openHttp2({ host: '127.0.0.1', port: proxy.port }, { ca: proxy.ca });
      return async (target) => {
        const { status, lines, body } = await ask(session, {
          ':path': target,
          ...HEADERS,
          cookie: HEADERS.cookie.split('; '),
        });
        return { status, body: body.toString('latin1'), fields: comparable(lines) };
      };
    },
    async 'HTTP/1.1'(proxy: WireProxy): Promise<(target: string) => Promise<Got>> {
      const client = await proxy.open();
      const lines = Object.entries(HEADERS).map(([name, value]) => `${name}: ${value}\r\n`);
      return async (target) => {
        client.send(`GET ${target} HTTP/1.1\r\nHost: x\r\n${lines.join('')}\r\n`);
        const answer = await answerOf(client);
        const fields = [...(answer?.headers ?? [])].map(([name, value]) => `${name}: ${value}`);
        return {
          status: answer?.status,
          body: (answer?.body ?? Buffer.alloc(0)).toString('latin1'),
          fields: comparable(fields),
        };
      };
    },
  };

  /** Without what differs by version: framing, case, and where repeated fields stand. */
  function comparable(lines: readonly string[]): string {
    return lines
      .map((line) => line.replace(/^[^:]+/, (name) => name.toLowerCase()))
      .filter((line) => !/^(?:content-length|transfer-encoding|connection|trailer):/.test(line))
      .sort()
      .join('\n');
  }

  for (const [recordedOver, replayedOver] of [
    ['HTTP/2', 'HTTP/1.1'],
    ['HTTP/1.1', 'HTTP/2'],
  ] as const) {
    it(`replay over ${replayedOver} what was recorded over ${recordedOver}`, async () => {
      const file = path.join(temporaryFolder(), 'both.har');
      const reverse = { mode: { reverse: origin.url } };
      const recording = await startProxy([new Recorder({ to: file })], reverse);
      const asked = await clients[recordedOver](recording);
      const live = [];
      for (const target of PATHS) live.push(await asked(target));
      assert.deepEqual(
        live.map(({ status }) => status),
        [200, 200, 200, 200, 200, 204, 418, 200, 200],
      );
      assert.equal(live[4]?.body.length, BIG.length);
      closeHttp2Clients();
      await recording.proxy.stop();

      const seen = origin.seen.length;
      const replaying = await startProxy(
        replayAddons([file], { headers: ['accept', 'cookie'], now: false }),
        reverse,
      );
      const again = await clients[replayedOver](replaying);
      for (const [at, target] of PATHS.entries()) assert.deepEqual(await again(target), live[at], target);
      assert.equal(origin.seen.length, seen);
      assert.deepEqual([...replaying.proxy.contacted], []);
    });
  }

  it('reset the stream of a request that is killed, and nothing else', async () => {
    const proxy = await startProxy(replayAddons([]), { mode: { reverse: origin.url } });
    const session = await openHttp2({ host: '127.0.0.1', port: proxy.port });
    const answers = [await ask(session, { ':path': '/a' }), await ask(session, { ':path': '/b' })];
    for (const { status, code } of answers)
      assert.deepEqual([status, code], [undefined, constants.NGHTTP2_INTERNAL_ERROR]);
    assert.deepEqual(
      proxy.flows.map(({ outcome }) => outcome),
      ['killed', 'killed'],
    );
  });

  it('reset the stream of a response that upstream broke off', async () => {
    const proxy = await startProxy([], { mode: { reverse: origin.url } });
    const session = await openHttp2({ host: '127.0.0.1', port: proxy.port });
    proxy.proxy.hooks.responseHeaders.tap('Stream', (_, flow) => flow.stream('response'));
    const { status, body, code } = await ask(session, { ':path': '/broken' });
    assert.deepEqual([status, String(body), code], [200, 'only this', constants.NGHTTP2_INTERNAL_ERROR]);
  });
});
