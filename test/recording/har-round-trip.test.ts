import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import type { HeaderPair } from '../../src/http/headers';
import { HttpRequest } from '../../src/http/request';
import { HttpResponse } from '../../src/http/response';
import { openHar } from '../../src/recording/har-reader';
import { openHarWriter } from '../../src/recording/har-writer';
import { recordedFlows } from '../support/recorded-flows';
import { flow, picture, scratch } from './har-samples';

describe('a HAR, written and read again', () => {
  const at = scratch();

  it('has the same exchanges, byte for byte', async function () {
    this.timeout(60_000);
    await fc.assert(
      fc.asyncProperty(fc.array(recordedFlows, { minLength: 1, maxLength: 4 }), async (written) => {
        const writer = openHarWriter(at('trip.har'), { append: false, version: '0' });
        for (const one of written) writer.append(one);
        writer.close();
        const recording = await openHar(at('trip.har'));
        try {
          assert.deepEqual(recording.warnings, []);
          assert.deepEqual(recording.flows.map(picture), written.map(picture));
        } finally {
          recording.close();
        }
      }),
      { numRuns: 150 },
    );
  });

  it('has large bodies in files beside it, decoded and as received', async () => {
    const path = at('large.har');
    const random = Buffer.alloc(3 * 2 ** 20).map((_, i) => (i * 2654435761) >>> 13);
    const body = gzipSync(random);
    const headers = { 'content-encoding': 'gzip', 'content-length': String(body.length) };
    const request = HttpRequest.to('http://h/', { method: 'PUT', body: random, startedAt: 1, endedAt: 2 });
    const written = flow('http://h/', {
      request,
      response: new HttpResponse({ headers, body, startedAt: 3, endedAt: 4 }),
    });
    const writer = openHarWriter(path, { append: false, version: '0' });
    writer.append(written);
    writer.close();
    const recording = await openHar(path);
    assert.deepEqual(picture(recording.flows[0]!), picture(written));
    const pieces: Buffer[] = [];
    for await (const piece of recording.flows[0]!.request.body.chunks()) pieces.push(piece);
    assert.ok(Buffer.concat(pieces).equals(random));
    recording.close();
  });

  it('tells bodies that were not stored from empty ones', async () => {
    const path = at('unstored.har');
    const streamed = new HttpResponse({ headers: { 'content-length': '99' } });
    const written = [
      flow('http://h/1', { response: streamed, unstored: { request: true, response: true } }),
      flow('http://h/2', { response: new HttpResponse({ body: '' }) }),
    ];
    const writer = openHarWriter(path, { append: false, version: '0' });
    for (const one of written) writer.append(one);
    writer.close();
    const { flows, close } = await openHar(path);
    assert.deepEqual(
      flows.map((f) => f.unstored),
      [{ request: true, response: true }, undefined],
    );
    assert.equal(flows[0]?.response?.headers.get('content-length'), '99');
    close();
  });

  it('never holds what was meant for a proxy', async () => {
    const path = at('proxy.har');
    const headers: HeaderPair[] = [
      ['Proxy-Authorization', 'Basic c2VjcmV0'],
      ['proxy-connection', 'keep-alive'],
      ['X-Kept', '1'],
    ];
    const writer = openHarWriter(path, { append: false, version: '0' });
    writer.append(flow('http://h/', { request: HttpRequest.to('http://h/', { headers }) }));
    writer.close();
    const { flows, close } = await openHar(path);
    assert.deepEqual(flows[0]?.request.headers.toJSON(), [
      ['Host', 'h'],
      ['X-Kept', '1'],
    ]);
    close();
  });
});
