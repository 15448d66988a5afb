import assert from 'node:assert/strict';
import http from 'node:http';
import { createHash } from 'node:crypto';
import { ProxyAgent, request } from 'undici';
import {
  type AddonInput,
  Body,
  HttpRequest,
  HttpResponse,
  KillUnmatched,
  type MitmProxy,
  ServerReplay,
} from 'replay-proxy';
import { listening, type TestServer } from '../support/test-server';
import { startProxy, stopProxies } from '../support/wire';

/** The default of `limits.heldBody`. */
const HELD = 16 * 1024 * 1024;

describe('a request body at the limit of what is held', () => {
  let origin: TestServer;
  const agents: ProxyAgent[] = [];

  before(async () => {
    origin = await listening(
      http.createServer((incoming, outgoing) => {
        const hash = createHash('sha256');
        incoming
          .on('data', (chunk: Buffer) => hash.update(chunk))
          .on('end', () => outgoing.end(hash.digest('hex')));
      }),
    );
  });
  after(() => origin.stop());
  afterEach(async () => {
    await Promise.all(agents.splice(0).map((agent) => agent.close()));
    await stopProxies();
  });

  /** A proxy that says what kind of body its hook sees. */
  async function start(...addons: AddonInput[]) {
    const kinds: string[] = [];
    const see = (proxy: MitmProxy) =>
      proxy.hooks.request.tap('See', (flow) => void kinds.push(flow.request.body.kind));
    const { proxy } = await startProxy([...addons, see]);
    const agent = new ProxyAgent({ uri: proxy.url, proxyTunnel: false });
    agents.push(agent);
    const post = async (body: Buffer) => {
      const answer = await request(`${origin.url}/up`, { method: 'POST', body, dispatcher: agent });
      return { status: answer.statusCode, text: await answer.body.text() };
    };
    return { kinds, post };
  }

  it('passes in memory up to it, and as a stream beyond', async () => {
    const { kinds, post } = await start();
    for (const size of [HELD, HELD + 1]) {
      const body = Buffer.alloc(size, 'body');
      assert.deepEqual(await post(body), { status: 200, text: Body.from(body).digest() });
    }
    assert.deepEqual(kinds, ['memory', 'stream']);
  });

  it('is matched in memory up to it, and by its digest from a file beyond', async () => {
    const bodies = [Buffer.alloc(HELD, 'body'), Buffer.alloc(HELD + 1, 'body')];
    const flows = bodies.map((body, i) => ({
      source: 'test.har',
      number: i + 1,
      request: HttpRequest.to(`${origin.url}/up`, { method: 'POST', body }),
      response: new HttpResponse({ body: `answer ${i}` }),
    }));
    const { kinds, post } = await start(
      new ServerReplay({ from: [flows], reuse: 'hold', warn: () => {} }),
      new KillUnmatched(404),
    );
    for (const [i, body] of bodies.entries()) {
      assert.deepEqual(await post(body), { status: 200, text: `answer ${i}` });
      const other = Buffer.from(body);
      other[other.length - 1]! ^= 1;
      assert.equal((await post(other)).status, 404);
    }
    assert.deepEqual(kinds, ['memory', 'memory', 'file', 'file']);
  });
});
