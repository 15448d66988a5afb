import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
import { PassThrough, Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import type { Body } from '../../src/http/body';
import { HttpRequest } from '../../src/http/request';
import { incomingBody } from '../../src/transport/request-body';

const incoming = (pieces: Iterable<Buffer>) =>
  Object.assign(Readable.from(pieces), { rawTrailers: ['X-Sum', '6'] }) as unknown as IncomingMessage;

describe('the body of a request', () => {
  it('is asked for when it is read, and completes the request', async () => {
    const request = HttpRequest.to('http://a.example/');
    let begun = 0;
    const begin = () => (begun += 1);
    const body = incomingBody(incoming([Buffer.from('ab'), Buffer.from('c')]), request, {
      begin,
      now: () => 9,
      patience: 1_000,
    });
    assert.equal(begun, 0);
    const chunks: Buffer[] = [];
    for await (const chunk of body.chunks()) chunks.push(chunk);
    assert.equal(Buffer.concat(chunks).toString(), 'abc');
    assert.deepEqual([begun, request.endedAt, request.trailers.get('x-sum')], [1, 9, '6']);
  });

  const options = { begin: () => {}, now: () => 9, patience: 10 };
  const drain = async (body: Body) => {
    for await (const _ of body.chunks());
  };

  it('gives up a client that falls silent, with a status, but not one that is slow to be read', async () => {
    const request = HttpRequest.to('http://a.example/');
    const silent = new PassThrough();
    silent.write('a');
    await assert.rejects(drain(incomingBody(silent as unknown as IncomingMessage, request, options)), {
      message: "the client sent nothing more of its request's body for 0.01 s",
      status: 408,
    });
    assert.equal(silent.destroyed, false);
    for await (const _ of incomingBody(
      incoming([Buffer.from('a'), Buffer.from('b')]),
      request,
      options,
    ).chunks())
      await delay(20);
    assert.equal(request.endedAt, 9);
  });

  it('lets streams be silent that are so by nature', async () => {
    const request = new HttpRequest({
      ...HttpRequest.to('http://a.example/'),
      headers: { 'Content-Type': 'application/grpc' },
    });
    const silent = Object.assign(new PassThrough(), { rawTrailers: [] });
    setTimeout(() => silent.end(), 30);
    await drain(incomingBody(silent as unknown as IncomingMessage, request, options));
  });

  it('says whose fault it is when it breaks off', async () => {
    const request = HttpRequest.to('http://a.example/');
    function* broken(): Generator<Buffer> {
      yield Buffer.from('a');
      throw new Error('aborted');
    }
    const body = incomingBody(incoming(broken()), request, options);
    await assert.rejects(drain(body), /client broke off/);
    assert.equal(request.endedAt, undefined);
  });
});
