import assert from 'node:assert/strict';
import path from 'node:path';
import { openRecording, type ServerReplayOptions } from 'replay-proxy';
import {
  answerOf,
  RECORDINGS,
  replayAddons,
  requestBytes,
  startProxy,
  stopProxies,
  type WireProxy,
} from '../support/wire';

const PLAIN = ['reverse-http', 'http://127.0.0.1:47002'] as const;
const SECURE = ['reverse-https', 'https://127.0.0.1:47443'] as const;
const REGULAR = ['regular-http1', 'http://127.0.0.1:47001'] as const;
const REGULAR_SECURE = ['regular-https', 'https://localhost:47443'] as const;

describe('reverse mode with its origin gone', () => {
  afterEach(stopProxies);

  for (const [name, origin] of [PLAIN, SECURE, REGULAR, REGULAR_SECURE]) {
    for (const host of ['as recorded', 'localhost:8080', 'shop.example'] as const) {
      it(`replays ${name} to a client that calls the proxy ${host}`, async () => {
        const proxy = await replaying(name, origin);
        await answersAll(proxy, name, host === 'as recorded' ? undefined : host);
      });
    }
  }

  it('replays to another name with the host ignored', async () => {
    const proxy = await replaying('reverse-http', 'http://staging.example:47002', { ignore: ['host'] });
    await answersAll(proxy, 'reverse-http', 'localhost');
  });

  it('replays to another port with the port ignored', async () => {
    const proxy = await replaying('reverse-http', 'http://127.0.0.1:9', { ignore: ['port'] });
    await answersAll(proxy, 'reverse-http', 'localhost');
  });

  it('replays to another scheme, name and port with all three ignored', async () => {
    const ignore = ['scheme', 'host', 'port'];
    const proxy = await replaying('reverse-https', 'http://shop.example', { ignore });
    await answersAll(proxy, 'reverse-https', 'localhost');
  });

  for (const origin of ['http://staging.example:47002', 'http://127.0.0.1:9', 'https://127.0.0.1:47002']) {
    it(`kills instead what goes to ${origin} with nothing ignored`, async () => {
      const proxy = await replaying('reverse-http', origin);
      const client = (await proxy.open()).send('GET /far HTTP/1.1\r\nHost: x\r\n\r\n');
      assert.equal(await client.end(), '');
      assert.deepEqual([...proxy.proxy.contacted], []);
    });
  }

  it('takes the name that the client says with the Host kept', async () => {
    const proxy = await replaying('reverse-http', 'http://10.0.0.1:47002', {}, true);
    const client = await proxy.open();
    client.send('GET /far HTTP/1.1\r\nHost: 127.0.0.1:8080\r\n\r\n');
    assert.equal((await answerOf(client))?.status, 200);
    assert.deepEqual([...proxy.proxy.contacted], []);
  });

  it('is suggested to a client that takes the proxy for the server', async () => {
    const proxy = await startProxy(replayAddons([file('reverse-http')]));
    const client = (await proxy.open()).send('GET /far HTTP/1.1\r\nHost: localhost\r\n\r\n');
    assert.match(await client.end(), /^HTTP\/1\.1 400 [^]*--reverse http:\/\/127\.0\.0\.1:47002\n$/);
    assert.deepEqual(proxy.flows, []);
  });
});

const file = (name: string) => path.join(RECORDINGS, `mitmproxy/${name}-v21.mitm`);

function replaying(
  name: string,
  reverse: string,
  rest: Omit<ServerReplayOptions, 'now'> = {},
  keepHost = false,
) {
  return startProxy(replayAddons([file(name)], { now: false, ...rest }), { mode: { reverse, keepHost } });
}

/** Asks for every answered entry in order on one connection, and for one more than there is. */
async function answersAll(proxy: WireProxy, name: string, host: string | undefined): Promise<void> {
  const recording = await openRecording(file(name));
  const client = await proxy.open();
  const entries = recording.flows.filter(({ response }) => response !== undefined);
  const ask = async (entry: (typeof entries)[number]) => {
    const request = entry.request.clone();
    if (host !== undefined) request.headers.set('host', host);
    client.send(requestBytes(request, request.path));
    return answerOf(client, request.method);
  };
  for (const entry of entries) {
    const answer = await ask(entry);
    assert.equal(answer?.status, entry.response!.status);
    assert.deepEqual(answer.body, entry.response!.body.bytesSync());
  }
  assert.equal(await ask(entries[0]!), undefined, 'the request after the last one is killed');
  recording.close();
  assert.deepEqual([...proxy.proxy.contacted], []);
}
