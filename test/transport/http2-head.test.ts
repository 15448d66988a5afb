import assert from 'node:assert/strict';
import { http2Head } from '../../src/transport/http2-head';
import type { Route } from '../../src/transport/request-head';

const REGULAR: Route = { kind: 'regular' };
const origin = { scheme: 'https', host: 'a.example', port: 443 } as const;
const TUNNEL: Route = { kind: 'tunnel', origin };
const REVERSE: Route = { kind: 'reverse', origin, keepHost: false };
const pseudo = (fields: Record<string, string> = {}) =>
  Object.entries({
    ':method': 'GET',
    ':scheme': 'https',
    ':authority': 'A.example',
    ':path': '/p?q',
    ...fields,
  }).flat();

describe('the head of a request over HTTP/2', () => {
  it('becomes one of HTTP/1.1, with the target that the route expects and a Host', () => {
    const head = { method: 'GET', httpVersion: '2.0', rawHeaders: ['host', 'A.example', 'x-a', '1'] };
    const raw = [...pseudo(), 'x-a', '1'];
    assert.deepEqual(http2Head(raw, TUNNEL), { ...head, target: '/p?q' });
    assert.deepEqual(http2Head(raw, REVERSE), { ...head, target: '/p?q' });
    assert.deepEqual(http2Head(raw, REGULAR), { ...head, target: 'https://A.example/p?q' });
  });

  it('keeps the Host where it stood', () => {
    const head = http2Head([...pseudo(), 'x-a', '1', 'host', 'a.EXAMPLE'], TUNNEL);
    assert.deepEqual('rawHeaders' in Object(head) && (head as { rawHeaders: readonly string[] }).rawHeaders, [
      'x-a',
      '1',
      'host',
      'a.EXAMPLE',
    ]);
    const without = pseudo().filter((_, at, all) => !/authority/.test(all[at - (at % 2)]!));
    assert.deepEqual(http2Head([...without, 'host', 'b'], REGULAR), {
      method: 'GET',
      target: 'https://b/p?q',
      httpVersion: '2.0',
      rawHeaders: ['host', 'b'],
    });
  });

  it('has one line for all crumbs of the cookie, where the first one stood', () => {
    const raw = [...pseudo(), 'cookie', 'a=1', 'x', 'y', 'cookie', 'b=2', 'cookie', 'c=3'];
    assert.deepEqual((http2Head(raw, TUNNEL) as { rawHeaders: readonly string[] }).rawHeaders, [
      ...['host', 'A.example', 'cookie', 'a=1; b=2; c=3', 'x', 'y'],
    ]);
  });

  it('asks about the server as a whole', () => {
    const raw = pseudo({ ':method': 'OPTIONS', ':path': '*' });
    assert.equal((http2Head(raw, TUNNEL) as { target: string }).target, '*');
    assert.equal((http2Head(raw, REGULAR) as { target: string }).target, 'https://A.example');
  });

  it('is malformed when it says two hosts or none', () => {
    assert.equal(http2Head([...pseudo(), 'host', 'b.example'], TUNNEL), 'malformed');
    assert.equal(http2Head([...pseudo({ ':authority': '' })], TUNNEL), 'malformed');
    assert.equal(http2Head([':method', 'GET', ':scheme', 'http', ':path', '/'], TUNNEL), 'malformed');
    assert.equal(http2Head(pseudo({ ':path': '' }), TUNNEL), 'malformed');
  });

  it('is refused for schemes that are not ours, and for CONNECT', () => {
    const status = (raw: string[], route: Route) => (http2Head(raw, route) as { status: number }).status;
    assert.equal(status(pseudo({ ':scheme': 'ftp' }), TUNNEL), 400);
    const connect = [':method', 'CONNECT', ':authority', 'a.example:443'];
    assert.deepEqual([REGULAR, TUNNEL, REVERSE].map((route) => status(connect, route)), [501, 400, 405]); // prettier-ignore
  });
});
