import assert from 'node:assert/strict';
import { exchange } from '../../src/core/exchange';
import { Flow } from '../../src/core/flow';
import { forward, kill, respond } from '../../src/core/verdict';
import { UpstreamError } from '../../src/errors';
import { Body } from '../../src/http/body';
import { HttpRequest } from '../../src/http/request';
import { HttpResponse } from '../../src/http/response';
import { FakeClient, fakeCore, streamOf } from '../support/exchange';

describe('exchange', () => {
  it('forwards when nobody has an opinion', async () => {
    const { run, sent, completed } = fakeCore();
    const { flow, client } = await run();
    assert.equal(sent.length, 1);
    assert.deepEqual(client.seen, ['head 200', 'live\n', 'end']);
    assert.equal(flow.outcome, 'forwarded');
    assert.equal(flow.headSentAt, 1_000);
    assert.equal(completed.length, 1);
  });

  it('answers without contacting upstream', async () => {
    const { run, hooks, sent } = fakeCore();
    hooks.request.tap('Answer', () => respond(HttpResponse.text(418, 'short and stout')));
    const { flow, client } = await run();
    assert.equal(sent.length, 0);
    assert.equal(flow.outcome, 'answered');
    assert.deepEqual(client.seen, ['head 418', 'short and stout\n', 'end']);
  });

  it('kills without a byte and without contacting upstream', async () => {
    const { run, hooks, sent } = fakeCore();
    hooks.unmatched.tap('Kill', () => kill('not today'));
    const { flow, client } = await run();
    assert.equal(sent.length, 0);
    assert.deepEqual(client.seen, ['killed']);
    assert.equal(flow.outcome, 'killed');
    assert.deepEqual(flow.notes, ['not today']);
  });

  it('lets the first verdict stand: an answer is never overruled by kill', async () => {
    const { run, hooks } = fakeCore();
    hooks.unmatched.tap({ name: 'Kill', stage: 100 }, () => kill());
    hooks.unmatched.tap('Mine', () => respond(HttpResponse.text(200, 'mine')));
    assert.equal((await run()).flow.outcome, 'answered');
  });

  it('decides on the head without reading the body, and on the body when it is there', async () => {
    const { run, hooks } = fakeCore();
    hooks.requestHeaders.tap('Early', ({ request }) => request.path === '/early' && forward());
    hooks.request.tap('Late', async ({ request }) =>
      (await request.body.text()) === 'magic' ? respond(HttpResponse.text(200, 'open')) : undefined,
    );
    const post = (path: string, body: string) => {
      const request = HttpRequest.to(`http://shop.example${path}`, { method: 'POST' });
      request.body = streamOf(...body);
      return request;
    };
    const early = await run(post('/early', 'magic'));
    assert.equal(early.client.bodyReads, 0);
    assert.equal(early.flow.outcome, 'forwarded');
    const late = await run(post('/late', 'magic'));
    assert.equal(late.flow.outcome, 'answered');
  });

  it('streams a request beyond what is held, unless somebody wants it whole; a gRPC call always', async () => {
    const { run, hooks, sent } = fakeCore();
    const kinds: string[] = [];
    hooks.requestHeaders.tap('Keep', (flow) => {
      if (flow.request.path === '/kept') flow.keepRequest();
    });
    hooks.request.tap('See', ({ request }) => void kinds.push(request.body.kind));
    const post = (path: string, length: number, type = 'text/plain') => {
      const request = HttpRequest.to(`http://shop.example${path}`, {
        method: 'POST',
        headers: { 'content-type': type },
      });
      request.body = streamOf('x'.repeat(length - 1), 'y');
      return request;
    };
    assert.equal((await run(post('/', 1024))).client.bodyReads, 0);
    await run(post('/', 1025));
    assert.equal((await run(post('/kept', 1025))).client.bodyReads, 1);
    const { flow } = await run(post('/call', 10, 'application/grpc+proto'));
    assert.deepEqual(kinds, ['memory', 'stream', 'memory', 'stream']);
    assert.equal(flow.isStreamed('request'), true);
    const lengths = await Promise.all(
      sent.map(async ({ body }) => {
        let length = 0;
        for await (const chunk of body.chunks()) length += chunk.length;
        return length;
      }),
    );
    assert.deepEqual(lengths, [1024, 1025, 1025, 10]);
  });

  it('shows upstream a copy of the request', async () => {
    const { run, hooks, sent } = fakeCore();
    hooks.forward.tap('Stamp', (request) => {
      request.headers.set('x-stamp', '1');
    });
    const { flow } = await run();
    assert.equal(sent[0]?.headers.get('x-stamp'), '1');
    assert.equal(flow.request.headers.has('x-stamp'), false);
  });

  it('shows `received` the response as it came, frozen, whatever is done to it later', async () => {
    const { run, hooks } = fakeCore();
    let received: HttpResponse | undefined;
    hooks.received.tap('Keep', (response) => void (received = response));
    hooks.response.tap('Change', (response) => {
      response.headers.set('content-type', 'text/html');
      return undefined;
    });
    const { client } = await run();
    assert.equal(client.response?.headers.get('content-type'), 'text/html');
    assert.equal(received?.headers.get('content-type'), 'text/plain; charset=utf-8');
    assert.throws(() => received?.headers.set('x', 'y'), /frozen/);
  });

  it('never changes the response that a verdict carries', async () => {
    const { run, hooks } = fakeCore();
    const canned = HttpResponse.text(200, 'canned');
    hooks.request.tap('Answer', () => respond(canned));
    hooks.response.tap('Change', (response) => {
      response.headers.set('x-seen', 'yes');
      response.status = 500;
      return undefined;
    });
    await run();
    assert.equal(canned.status, 200);
    assert.equal(canned.headers.has('x-seen'), false);
  });

  for (const hook of ['requestHeaders', 'request', 'unmatched', 'forward'] as const) {
    it(`answers 502 and contacts nobody when a tap of ${hook} throws`, async () => {
      const { run, hooks, sent, completed } = fakeCore();
      hooks[hook].tap('Broken', () => {
        throw new Error('boom');
      });
      const { flow, client } = await run();
      assert.equal(sent.length, 0);
      assert.equal(client.response?.status, 502);
      assert.equal(await client.response?.body.text(), `addon Broken, hook ${hook}: boom\n`);
      assert.equal(flow.outcome, 'failed');
      assert.equal(completed.length, 1);
    });
  }

  it('lets `error` answer instead, and stays at 502 when that throws too', async () => {
    const { run, hooks, warnings } = fakeCore(() =>
      Promise.reject(new UpstreamError('too late', { status: 504 })),
    );
    assert.equal((await run()).client.response?.status, 504);
    hooks.error.tap('Page', (error) => HttpResponse.text(503, `sorry: ${error.message}`));
    assert.equal((await run()).client.response?.status, 503);
    hooks.error.tap({ name: 'Broken', stage: -1 }, () => {
      throw new Error('again');
    });
    const { client } = await run();
    assert.equal(client.response?.status, 504);
    assert.deepEqual(warnings, ['addon Broken, hook error: again']);
  });

  it('holds a body for the hooks, and fails before a byte when it is cut short', async () => {
    const whole = fakeCore(() => streamed('one', 'two'));
    const bodies: string[] = [];
    whole.hooks.response.tap('Look', async (response) => void bodies.push(await response.body.text()));
    assert.deepEqual((await whole.run()).client.seen, ['head 200', 'onetwo', 'end']);
    assert.deepEqual(bodies, ['onetwo']);

    const cut = fakeCore(() => streamed('one', new UpstreamError('cut')));
    assert.equal((await cut.run()).client.response?.status, 502);
  });

  it('streams what is longer than the limit, asked for, or endless by nature', async () => {
    const long = 'x'.repeat(1025);
    assert.deepEqual((await fakeCore(() => streamed(long, 'y')).run()).client.seen, [
      'head 200',
      long,
      'y',
      'end',
    ]);
    const asked = fakeCore(() => streamed('a', 'b'));
    asked.hooks.responseHeaders.tap('Stream', (_, flow) => flow.stream('response'));
    assert.deepEqual((await asked.run()).client.seen, ['head 200', 'a', 'b', 'end']);
    const events = () => {
      const response = streamed('a', 'b');
      response.headers.set('Content-Type', 'text/event-stream');
      return response;
    };
    assert.deepEqual((await fakeCore(events).run()).client.seen, ['head 200', 'a', 'b', 'end']);
  });

  it('adds nothing to a body that has begun', async () => {
    const { run } = fakeCore(() => streamed('x'.repeat(2000), new UpstreamError('cut')));
    const { flow, client } = await run();
    assert.deepEqual(client.seen, ['head 200', 'x'.repeat(2000), 'killed']);
    assert.equal(flow.outcome, 'failed');
  });

  it('holds the end back until beforeEnd has settled, and cuts when it rejects', async () => {
    const { run, hooks } = fakeCore();
    const order: string[] = [];
    let fails = false;
    hooks.received.tap('Hold', (_, flow) =>
      flow.beforeEnd(async () => {
        await new Promise(setImmediate);
        order.push('written');
        if (fails) throw new Error('disk full');
      }),
    );
    assert.deepEqual((await run()).client.seen, ['head 200', 'live\n', 'end']);
    assert.deepEqual(order, ['written']);
    fails = true;
    assert.deepEqual((await run()).client.seen, ['head 200', 'live\n', 'killed']);
  });

  it('counts a client that leaves as aborted, and asks upstream nothing more', async () => {
    const { core, hooks, sent, completed } = fakeCore();
    const request = HttpRequest.to('http://shop.example/');
    const client = new FakeClient(request);
    const flow = new Flow({ id: '1', request, client: client.info, signal: client.signal, startedAt: 0 });
    hooks.request.tap('Leave', () => client.leaving.abort());
    await exchange(flow, client, core);
    assert.equal(flow.outcome, 'aborted');
    assert.equal(sent.length, 0);
    assert.equal(completed.length, 1);
    assert.equal(client.discards, 1);
  });

  it('keeps what was put aside of the request until `complete` is through', async () => {
    const { core, hooks } = fakeCore();
    const request = HttpRequest.to('http://shop.example/');
    const client = new FakeClient(request);
    let discards: number | undefined;
    hooks.complete.tap('Look', () => void (discards = client.discards));
    await exchange(
      new Flow({ id: '1', request, client: client.info, signal: client.signal, startedAt: 0 }),
      client,
      core,
    );
    assert.equal(discards, 0);
    assert.equal(client.discards, 1);
  });

  it('lets go of an answer that streams when it cannot go out', async () => {
    const { run, hooks } = fakeCore();
    let cancelled = false;
    hooks.request.tap('Answer', () => {
      const response = new HttpResponse();
      response.body = Body.stream(streamOf('x').chunks(), () => (cancelled = true));
      return respond(response);
    });
    hooks.response.tap('Broken', () => {
      throw new Error('boom');
    });
    assert.equal((await run()).client.response?.status, 502);
    assert.equal(cancelled, true);
  });

  it('only logs what `complete` throws', async () => {
    const { run, hooks, warnings } = fakeCore();
    hooks.complete.tap('Broken', () => {
      throw new Error('boom');
    });
    assert.equal((await run()).flow.outcome, 'forwarded');
    assert.deepEqual(warnings, ['addon Broken, hook complete: boom']);
  });
});

function streamed(...pieces: (string | Error)[]): HttpResponse {
  const response = new HttpResponse();
  response.body = streamOf(...pieces);
  return response;
}
