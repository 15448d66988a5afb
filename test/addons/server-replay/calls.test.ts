import assert from 'node:assert/strict';
import { Body, Flow, HttpRequest, HttpResponse, type RecordedFlow } from 'replay-proxy';
import { hearOut, listen } from '../../../addons/server-replay/calls';
import { streamOf } from '../../support/exchange';

function flowOf(body: Body): Flow {
  const request = HttpRequest.to('http://shop.example/a.B/C', { method: 'POST' });
  request.body = body;
  return new Flow({
    id: '1',
    request,
    client: { address: '127.0.0.1', port: 1 },
    signal: new AbortController().signal,
    startedAt: 0,
  });
}

/** A body that goes on when `more` is called. */
function talk() {
  let wake = () => {};
  const seen: string[] = [];
  async function* chunks() {
    yield Buffer.from('\0\0\0\0\x02');
    yield Buffer.from('hi...');
    await new Promise<void>((resolve) => (wake = resolve));
    seen.push('end');
  }
  return { body: Body.stream(chunks()), seen, more: () => wake() };
}

const turn = () => new Promise(setImmediate);

describe('calls', () => {
  it('are listened to for their first message', async () => {
    const { body } = talk();
    const flow = flowOf(body);
    await listen(flow.request.body, 1_000, flow.signal);
    assert.equal(flow.request.body.opening?.toString(), '\0\0\0\0\x02hi...');
  });

  it('end with their stream, half a message or none', async () => {
    for (const text of ['', '\0\0', '\0\0\0\0\x09half']) {
      const flow = flowOf(streamOf(text));
      await listen(flow.request.body, 1_000, flow.signal);
      assert.equal(flow.request.body.opening?.toString(), text);
    }
  });

  it('are told 408 when they say nothing, and left with their client', async () => {
    const silent = () =>
      Body.stream({ [Symbol.asyncIterator]: () => ({ next: () => new Promise<never>(() => {}) }) });
    await assert.rejects(listen(silent(), 10, new AbortController().signal), {
      status: 408,
      message: 'the client sent no whole message of its call for 0.01 s',
    });
    const leaving = new AbortController();
    const waiting = listen(silent(), 60_000, leaving.signal);
    leaving.abort(new Error('gone'));
    await assert.rejects(waiting, /gone/);
  });

  it('are heard to their end where the recorded server answered behind it, else not waited for', async () => {
    for (const [endedAt, isBehind] of [
      [5, true],
      [10, true],
      [11, false],
      [undefined, false],
    ] as const) {
      const { body, seen, more } = talk();
      const recorded: RecordedFlow = {
        source: 'x.har',
        number: 1,
        request: HttpRequest.to('http://shop.example/', { endedAt }),
        response: new HttpResponse({ startedAt: 10 }),
      };
      let isOver = false;
      const heard = hearOut(flowOf(body), recorded).then(() => (isOver = true));
      await turn();
      assert.equal(isOver, !isBehind, String(endedAt));
      more();
      await heard;
      await turn();
      assert.deepEqual(seen, ['end']);
    }
    const { request, response } = {
      request: HttpRequest.to('http://a.example/'),
      response: new HttpResponse(),
    };
    await hearOut(flowOf(Body.from('held')), { source: 'x', number: 1, request, response });
  });
});
