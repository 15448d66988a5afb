import assert from 'node:assert/strict';
import { constants } from 'node:http2';
import { Body } from '../../src/http/body';
import type { HeaderPair } from '../../src/http/headers';
import { HttpHeaders } from '../../src/http/headers';
import { HttpResponse } from '../../src/http/response';
import { ask, closeHttp2Clients, openHttp2 } from '../support/http2-client';
import { closeTransports, startTransport } from '../support/transport';

/** All names that Node knows, each twice: it throws for two lines of some, and for one of others. Lengths are the framing's. */
const ALL = Object.entries(constants)
  .filter(
    ([key, name]) => key.startsWith('HTTP2_HEADER_') && /^(?!content-length)[a-z0-9-]+$/.test(String(name)),
  )
  .flatMap(([, name]): HeaderPair[] => [
    [String(name), '1'],
    [String(name), '2'],
  ]);

// How a response is written otherwise is tested with the client's end over HTTP/2.
describe('a response over HTTP/2', () => {
  afterEach(async () => {
    closeHttp2Clients();
    await closeTransports();
  });

  async function answered(response: HttpResponse, interim: HeaderPair[] = []) {
    const reverse = { scheme: 'http', host: 'origin.example', port: 80 } as const;
    const { transport } = await startTransport({
      options: { reverse },
      exchange: (_request, client) => {
        if (interim.length > 0) client.inform({ status: 103, headers: new HttpHeaders(interim) });
        return Promise.resolve(response);
      },
    });
    return ask(await openHttp2(transport.address), { ':path': '/' });
  }

  it('can have any headers, interim or not', async () => {
    const { status, lines, interim, body } = await answered(
      new HttpResponse({ headers: ALL, body: 'x' }),
      ALL,
    );
    assert.deepEqual([status, interim, String(body)], [200, [103], 'x']);
    assert.ok(lines.includes('etag: 1, 2'), lines.join('\n'));
  });

  it('can have any trailers', async () => {
    const response = new HttpResponse({ headers: { Trailer: 'X-Sum' }, body: Body.from('x'), trailers: ALL });
    const { status, body, trailers, code } = await answered(response);
    assert.deepEqual([status, String(body), code], [200, 'x', 0]);
    assert.deepEqual([trailers.etag, trailers['keep-alive']], ['1, 2', undefined]);
  });
});
