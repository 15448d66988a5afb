import assert from 'node:assert/strict';
import path from 'node:path';
import { HttpRequest, HttpResponse, Recorder, type RecordedFlow } from 'replay-proxy';
import { Origin } from '../support/origin';
import type { RawClient } from '../support/raw-client';
import { answerOf, replayAddons, startProxy, stopProxies, temporaryFolder } from '../support/wire';

const CLIENTS = 200;
const REQUESTS = 10;

describe('many clients at once', function () {
  this.timeout(20_000);
  afterEach(stopProxies);

  it(`get each their own: ${CLIENTS} that keep their connections, over recordings in a cycle`, async () => {
    const flows = Array.from({ length: 2 * CLIENTS }, (_, at): RecordedFlow => {
      const id = Math.floor(at / 2);
      const round = at % 2 === 0 ? 'even' : 'odd';
      return {
        source: 'made.har',
        number: at + 1,
        request: HttpRequest.to(`http://x.example/${id}`),
        response: new HttpResponse({
          headers: { 'X-Id': String(id), 'X-Round': round },
          body: `${id} ${round} `.repeat(1 + ((id * 37) % 500)),
          startedAt: 1,
        }),
      };
    });
    const proxy = await startProxy(replayAddons([flows], { reuse: 'cycle' }));
    const clients = await Promise.all(
      Array.from({ length: CLIENTS }, (_, at) =>
        at % 8 === 0 ? proxy.tunnel('x.example', 80, true) : proxy.open(),
      ),
    );
    await Promise.all(
      clients.map(async (client, id) => {
        for (let i = 0; i < REQUESTS; i += 1) {
          const target = id % 8 === 0 ? `/${id}` : `http://x.example/${id}`;
          client.send(`GET ${target} HTTP/1.1\r\nHost: x.example\r\n\r\n`);
          const answer = await answerOf(client);
          const round = i % 2 === 0 ? 'even' : 'odd';
          const header = (name: string) => answer!.headers.find(([key]) => key === name)?.[1];
          assert.deepEqual([header('X-Id'), header('X-Round')], [String(id), round]);
          assert.equal(answer!.body.toString(), `${id} ${round} `.repeat(1 + ((id * 37) % 500)));
        }
        client.close();
      }),
    );
    assert.equal(proxy.flows.length, CLIENTS * REQUESTS);
    assert.ok(proxy.flows.every(({ outcome }) => outcome === 'replayed'));
    assert.deepEqual([...proxy.proxy.contacted], []);
  });

  it('get pipelined requests answered in order, and none behind a kill', async () => {
    const proxy = await startProxy([
      ...replayAddons([
        ['/a', '/b', '/c'].map((name, at) => ({
          source: 'made.har',
          number: at + 1,
          request: HttpRequest.to(`http://x.example${name}`),
          response: new HttpResponse({ body: `<${name}>`, startedAt: 1 }),
        })),
      ]),
      ({ hooks }) =>
        hooks.request.tap('Slow', async ({ request }) => {
          if (request.path === '/a') await new Promise((resolve) => setTimeout(resolve, 30));
        }),
    ]);
    const names = ['/a', '/b', '/gone', '/c'];
    const asked = names.map((name) => `GET http://x.example${name} HTTP/1.1\r\nHost: x\r\n\r\n`);
    const said = await (await proxy.open()).send(asked.join('')).end();
    assert.deepEqual(said.match(/<[^>]*>/g), ['</a>', '</b>']);
    assert.equal(said.match(/HTTP\/1\.1 /g)?.length, 2);
  });

  it('are forwarded and recorded each whole', async () => {
    const origin = await Origin.start();
    const to = path.join(temporaryFolder(), 'many.har');
    const recorder = await startProxy([new Recorder({ to })]);
    const bodies = new Map<string, string>();
    const run = async (client: RawClient, ids: readonly number[]) => {
      for (const id of ids) {
        client.send(
          `POST ${origin.url}/${id} HTTP/1.1\r\nHost: x\r\nContent-Length: ${String(id).length}\r\n\r\n${id}`,
        );
        const answer = await answerOf(client, 'POST');
        bodies.set(`/${id}`, answer!.body.toString());
        assert.ok(answer!.body.toString().startsWith(`POST /${id} `));
      }
      client.close();
    };
    const clients = await Promise.all(Array.from({ length: 50 }, () => recorder.open()));
    await Promise.all(clients.map((client, at) => run(client, [at, at + 50, at + 100, at + 150])));
    await recorder.proxy.stop();
    await origin.stop();

    const replay = await startProxy(replayAddons([to]));
    const client = await replay.open();
    for (const [name, body] of bodies) {
      const content = name.slice(1);
      client.send(
        `POST ${origin.scheme}://${[...recorder.proxy.contacted][0]}${name} HTTP/1.1\r\nHost: x\r\nContent-Length: ${content.length}\r\n\r\n${content}`,
      );
      assert.equal((await answerOf(client, 'POST'))?.body.toString(), body);
    }
    assert.deepEqual([...replay.proxy.contacted], []);
  });
});
