import assert from 'node:assert/strict';
import { BodySpool, Flow, HttpRequest, HttpResponse } from 'replay-proxy';
import { Take } from '../../../addons/recorder/take';
import { streamOf } from '../../support/exchange';

const OPTIONS = { spool: () => new BodySpool(10), longest: 100, now: () => 5_000 };

function flowOf(request: HttpRequest): Flow {
  const client = { address: '127.0.0.1', port: 1 };
  return new Flow({
    id: '1',
    request,
    client,
    signal: new AbortController().signal,
    startedAt: 0,
    session: 'one',
  });
}

async function drain(body: HttpResponse['body']): Promise<void> {
  for await (const _ of body.chunks());
}

describe('Take', () => {
  it('keeps held messages as they are', async () => {
    const take = new Take(flowOf(HttpRequest.to('http://shop.example/', { body: 'in' })), OPTIONS);
    take.receive(new HttpResponse({ body: 'out\n', endedAt: 7 }));
    assert.equal(take.isWhole, true);
    const recorded = take.recorded('x.har', 3);
    assert.deepEqual([recorded.source, recorded.number, recorded.session], ['x.har', 3, 'one']);
    assert.equal(await recorded.request.body.text(), 'in');
    assert.equal(await recorded.response?.body.text(), 'out\n');
    assert.deepEqual([recorded.request.endedAt, recorded.response?.endedAt], [undefined, 7]);
    assert.equal(recorded.error, undefined);
  });

  it('copies streams while they pass', async () => {
    const request = HttpRequest.to('http://shop.example/');
    request.body = streamOf('up', 'load');
    const response = new HttpResponse();
    response.body = streamOf('down', 'load', 'longer than held');
    const take = new Take(flowOf(request), OPTIONS);
    take.receive(response);
    assert.equal(take.isWhole, false);
    await drain(request.body);
    await drain(response.body);
    assert.equal(take.isWhole, true);
    const recorded = take.recorded('x.har', 1);
    assert.equal(await recorded.request.body.text(), 'upload');
    assert.equal(recorded.response?.body.kind, 'file');
    assert.deepEqual([recorded.request.endedAt, recorded.response?.endedAt], [5_000, 5_000]);
    assert.equal(await recorded.response?.body.text(), 'downloadlonger than held');
    take.discard();
  });

  it('says what is missing: an unread request, a response cut short, none at all', async () => {
    const request = HttpRequest.to('http://shop.example/');
    request.body = streamOf('never read');
    const cut = new HttpResponse();
    cut.body = streamOf('half', new Error('cut'));
    const take = new Take(flowOf(request), OPTIONS);
    take.receive(cut);
    await assert.rejects(drain(cut.body));
    const recorded = take.recorded('x.har', 1);
    assert.deepEqual(recorded.unstored, { request: true });
    assert.equal(recorded.incomplete, true);
    assert.equal(await recorded.response?.body.text(), 'half');

    const failed = flowOf(HttpRequest.to('http://shop.example/'));
    failed.error = new Error('refused');
    assert.equal(new Take(failed, OPTIONS).recorded('x.har', 1).error, 'refused');
    assert.equal(new Take(failed, OPTIONS).recorded('x.har', 1).response, undefined);
  });

  it('leaves out bodies that are too long, and lets them pass', async () => {
    const request = HttpRequest.to('http://shop.example/', { body: 'x'.repeat(101) });
    const response = new HttpResponse();
    response.body = streamOf('y'.repeat(60), 'y'.repeat(60), 'y');
    const take = new Take(flowOf(request), OPTIONS);
    take.receive(response);
    assert.equal(take.isWhole, false);
    await drain(response.body);
    const recorded = take.recorded('x.har', 1);
    assert.deepEqual(recorded.unstored, { request: true, response: true });
    assert.equal(recorded.incomplete, undefined);
    assert.deepEqual([recorded.request.body.length, recorded.response?.body.length], [0, 0]);
    take.discard();
  });

  it('keeps the times of what was asked to stream, and who left a stream without end', async () => {
    let now = 1_000;
    const leaving = new AbortController();
    for (const [isStreamed, type, isGone] of [
      [true, 'text/event-stream', false],
      [true, 'text/event-stream', true],
      [true, 'text/plain', true],
      [false, 'text/plain', false],
    ] as const) {
      const { id, client, startedAt } = flowOf(HttpRequest.to('http://shop.example/'));
      const { signal } = isGone ? leaving : new AbortController();
      const flow = new Flow({
        id,
        client,
        startedAt,
        signal,
        request: HttpRequest.to('http://shop.example/'),
      });
      if (isStreamed) flow.stream('response');
      const response = new HttpResponse({ headers: { 'content-type': type }, startedAt: 1_000 });
      response.body = isGone ? streamOf('one', 'four', new Error('gone')) : streamOf('one', 'four');
      const take = new Take(flow, { ...OPTIONS, now: () => (now += 10) });
      now = 1_000;
      take.receive(response);
      leaving.abort();
      await drain(response.body).catch(() => {});
      const recorded = take.recorded('x.har', 1);
      assert.deepEqual(recorded.chunks, isStreamed ? { at: [10, 20], lengths: [3, 4] } : undefined);
      assert.equal(recorded.left, isGone && type === 'text/event-stream' ? true : undefined);
      assert.equal(recorded.incomplete, isGone ? true : undefined);
    }
  });

  it('keeps a gRPC call whose request was not heard out: its first message matches it', async () => {
    const request = HttpRequest.to('http://shop.example/', {
      headers: { 'content-type': 'application/grpc' },
    });
    request.body = streamOf('first', new Error('left'));
    const take = new Take(flowOf(request), OPTIONS);
    take.receive(new HttpResponse());
    await assert.rejects(drain(request.body));
    const recorded = take.recorded('x.har', 1);
    assert.equal(recorded.unstored, undefined);
    assert.equal(await recorded.request.body.text(), 'first');
  });

  it('says which came first, the end of the request or the head of the response, within one millisecond', async () => {
    for (const isEarly of [true, false]) {
      const request = HttpRequest.to('http://shop.example/');
      request.body = streamOf('in');
      const response = new HttpResponse({ startedAt: 5_000 });
      const take = new Take(flowOf(request), OPTIONS);
      if (isEarly) take.receive(response);
      await drain(request.body);
      if (!isEarly) take.receive(response);
      assert.equal(take.recorded('x.har', 1).request.endedAt, isEarly ? 5_000.01 : 5_000);
    }
  });
});
