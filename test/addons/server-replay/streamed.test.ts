import assert from 'node:assert/strict';
import { getActiveResourcesInfo } from 'node:process';
import { Body, HttpRequest, HttpResponse, type HttpResponseInit, type RecordedFlow } from 'replay-proxy';
import { streamed } from '../../../addons/server-replay/streamed';
import { recordedFlow } from '../../support/addons';

const TYPE = { 'content-type': 'text/event-stream' };
const EVENTS = ['data: 1\n\n', 'data: 2\n\n', 'data: 3\n\n'];
const THERE = new AbortController().signal;

function stream(
  more: Partial<RecordedFlow> = {},
  response: HttpResponseInit = { headers: TYPE, body: EVENTS.join('') },
  {
    method = 'GET',
    speed = 0,
    signal = THERE,
  }: { method?: string; speed?: number; signal?: AbortSignal } = {},
): HttpResponse | undefined {
  const recorded = { ...recordedFlow(response), ...more };
  const request = HttpRequest.to('http://a.example/', { method });
  return streamed(new HttpResponse(response), recorded, { request, signal }, speed);
}

async function pieces(response: HttpResponse | undefined): Promise<string[]> {
  const list: string[] = [];
  for await (const piece of response!.body.chunks()) list.push(piece.toString());
  return list;
}

const timers = () => getActiveResourcesInfo().filter((name) => name === 'Timeout').length;

describe('streamed', () => {
  it('sends a stream in the parts in which it came, without times in its events', async () => {
    const chunks = { at: [0, 5], lengths: [12, 15] };
    assert.deepEqual(await pieces(stream({ chunks })), ['data: 1\n\ndat', 'a: 2\n\ndata: 3\n\n']);
    assert.deepEqual(await pieces(stream()), EVENTS);
  });

  it('leaves alone what was no stream, and what has no body', () => {
    assert.equal(stream({}, { body: 'text' }), undefined);
    assert.equal(stream({}, { headers: TYPE }), undefined);
    assert.equal(stream({}, { headers: TYPE, body: 'x', status: 304 }), undefined);
    assert.equal(stream({}, undefined, { method: 'HEAD' }), undefined);
    const response = new HttpResponse({ headers: TYPE });
    response.body = Body.stream((async function* () {})());
    assert.equal(
      streamed(response, recordedFlow(), { request: HttpRequest.to('http://a.example/'), signal: THERE }, 0),
      undefined,
    );
  });

  it('takes the parts of any body that was streamed when it was recorded', async () => {
    const chunks = { at: [0, 5], lengths: [1, 2] };
    assert.deepEqual(await pieces(stream({ chunks }, { body: 'abc' })), ['a', 'bc']);
  });

  it('says no length that is not so', () => {
    const response = { headers: { ...TYPE, 'content-length': '7' }, body: EVENTS[0]! };
    assert.equal(stream({}, response)?.headers.get('content-length'), '9');
    assert.equal(stream({ left: true }, response)?.headers.has('content-length'), false);
  });

  it('waits as long as it took, or half as long at twice the speed', async () => {
    const chunks = { at: [0, 40, 80], lengths: [9, 9, 9] };
    for (const [speed, least] of [
      [1, 80],
      [2, 40],
    ] as const) {
      const start = performance.now();
      const times: number[] = [];
      for await (const _ of stream({ chunks }, undefined, { speed })!.body.chunks())
        times.push(performance.now() - start);
      assert.equal(times.length, 3);
      assert.ok(times[1]! >= least / 2 - 2 && times[2]! >= least - 2, `${speed}: ${times.join()}`);
    }
  });

  it('ends with its client at once, no timer left', async () => {
    const leaving = new AbortController();
    const chunks = { at: [0, 1e9, 2e9], lengths: [9, 9, 9] };
    const parts = stream({ chunks }, undefined, { speed: 1, signal: leaving.signal })!.body.chunks();
    const iterator = parts[Symbol.asyncIterator]();
    await iterator.next();
    const next = iterator.next();
    await new Promise(setImmediate);
    const waiting = timers();
    leaving.abort(new Error('gone'));
    assert.equal(timers(), waiting - 1);
    await assert.rejects(next, /gone/);
  });

  it('stays open behind a stream that its client left, until this one leaves', async () => {
    const leaving = new AbortController();
    const left = stream({ left: true, incomplete: true }, undefined, { signal: leaving.signal });
    const iterator = left!.body.chunks()[Symbol.asyncIterator]();
    for (const event of EVENTS) assert.equal(String((await iterator.next()).value), event);
    let isOver = false;
    const end = iterator.next().finally(() => (isOver = true));
    await new Promise((resolve) => setTimeout(resolve, 20));
    assert.equal(isOver, false);
    leaving.abort(new Error('gone'));
    await assert.rejects(end, /gone/);
    const gone = stream({ left: true }, { headers: TYPE }, { signal: leaving.signal });
    await assert.rejects(pieces(gone), /gone/);
    // What an addon put in its place has an end.
    assert.deepEqual(
      await pieces(stream({ left: true, chunks: { at: [0], lengths: [9] } }, { body: 'other' })),
      ['other'],
    );
  });
});
