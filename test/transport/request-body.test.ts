import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
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
    });
    assert.equal(begun, 0);
    const chunks: Buffer[] = [];
    for await (const chunk of body.chunks()) chunks.push(chunk);
    assert.equal(Buffer.concat(chunks).toString(), 'abc');
    assert.deepEqual([begun, request.endedAt, request.trailers.get('x-sum')], [1, 9, '6']);
  });

  it('says whose fault it is when it breaks off', async () => {
    const request = HttpRequest.to('http://a.example/');
    function* broken(): Generator<Buffer> {
      yield Buffer.from('a');
      throw new Error('aborted');
    }
    const body = incomingBody(incoming(broken()), request, { begin: () => {}, now: () => 9 });
    await assert.rejects(async () => {
      for await (const _ of body.chunks());
    }, /client broke off/);
    assert.equal(request.endedAt, undefined);
  });
});
