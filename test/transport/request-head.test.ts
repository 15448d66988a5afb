import assert from 'node:assert/strict';
import { isHttpRequest } from '../../src/http/request';
import { readHead, type Route } from '../../src/transport/request-head';

const REGULAR: Route = { kind: 'regular' };
const TUNNEL: Route = { kind: 'tunnel', origin: { scheme: 'https', host: 'shop.example', port: 443 } };
const ORIGIN = { scheme: 'http', host: 'up.example', port: 3000 } as const;
const REVERSE: Route = { kind: 'reverse', origin: ORIGIN, keepHost: false };

function read(
  target: string,
  headers: string[],
  route = REGULAR,
  { method = 'GET', httpVersion = '1.1' } = {},
) {
  return readHead({ method, target, httpVersion, rawHeaders: headers }, route, 7);
}

function accepted(...args: Parameters<typeof read>) {
  const result = read(...args);
  assert.ok(isHttpRequest(result), JSON.stringify(result));
  return result;
}

function refused(...args: Parameters<typeof read>): string {
  const result = read(...args);
  assert.ok(!isHttpRequest(result), 'taken');
  assert.equal(result.status, 400);
  return result.sentence;
}

describe('readHead', () => {
  it('keeps names, values, order and duplicates of the header lines', () => {
    const lines = ['hOsT', 'a.example', 'X-Dup', '1', 'accept', '*/*', 'x-dup', '2\xe9'];
    const request = accepted('http://a.example/p//q/../%zz?x', lines);
    assert.deepEqual(request.headers.toRaw(), lines);
    assert.equal(request.path, '/p//q/../%zz?x');
    assert.deepEqual(
      [request.scheme, request.host, request.port, request.startedAt],
      ['http', 'a.example', 80, 7],
    );
  });

  it('rebuilds Host from an absolute-form target, where it stood', () => {
    const request = accepted('http://a.example:81/', ['A', '1', 'Host', 'evil.example', 'B', '2']);
    assert.deepEqual(request.headers.toRaw(), ['A', '1', 'Host', 'a.example:81', 'B', '2']);
  });

  it('takes IPv6, https and an empty path', () => {
    const request = accepted('https://[::1]', ['Host', '[::1]']);
    assert.deepEqual([request.scheme, request.host, request.port, request.path], ['https', '::1', 443, '/']);
  });

  it('gives HTTP/1.0 clients the Host that they left out', () => {
    const request = accepted('http://a.example/', ['A', '1'], REGULAR, { httpVersion: '1.0' });
    assert.deepEqual(request.headers.toRaw(), ['Host', 'a.example', 'A', '1']);
  });

  it('takes OPTIONS of the whole server', () => {
    assert.equal(accepted('http://a.example', ['Host', 'x'], REGULAR, { method: 'OPTIONS' }).path, '*');
    assert.equal(accepted('*', ['Host', 'x'], TUNNEL, { method: 'OPTIONS' }).path, '*');
    assert.match(refused('*', ['Host', 'x'], TUNNEL), /for OPTIONS/);
  });

  it('drops what is meant for proxies', () => {
    const request = accepted('http://a.example/', [
      'Host', 'a.example', 'Proxy-Authorization', 'Basic eDp5', 'proxy-connection', 'keep-alive',
    ]); // prettier-ignore
    assert.deepEqual(request.headers.toRaw(), ['Host', 'a.example']);
  });

  it('goes where the tunnel goes, with the Host that the client sent', () => {
    const request = accepted('/p', ['Host', 'front.example'], TUNNEL);
    assert.deepEqual([request.url, request.headers.get('host')], ['https://shop.example/p', 'front.example']);
  });

  it('goes where reverse mode goes, with the Host of that server', () => {
    const request = accepted('/p', ['Host', 'localhost:8080'], REVERSE);
    assert.deepEqual(
      [request.url, request.headers.get('host')],
      ['http://up.example:3000/p', 'up.example:3000'],
    );
    assert.equal(
      accepted('http://other.example/p', ['Host', 'other.example'], REVERSE).url,
      'http://up.example:3000/p',
    );
  });

  it('keeps the Host of the client in reverse mode when told', () => {
    const request = accepted('/p', ['Host', 'localhost:8080'], { ...REVERSE, keepHost: true });
    assert.equal(request.headers.get('host'), 'localhost:8080');
  });

  it('tells a client that takes a proxy for a server what to do', () => {
    assert.match(refused('/p', ['Host', 'a']), /this is a proxy, not a server.*--reverse ORIGIN$/);
    const head = { method: 'GET', target: '/p', httpVersion: '1.1', rawHeaders: ['Host', 'a'] };
    const hinted = readHead(head, REGULAR, 0, 'http://up.example:3000');
    assert.ok('sentence' in hinted && hinted.sentence.endsWith('--reverse http://up.example:3000'));
  });

  for (const target of [
    'ftp://a.example/',
    'http://127.0.0.1:99999/',
    'http://user@a.example/',
    'http://a.example:0/',
    'http://__proto__/',
    'http:///',
    'a.example:80',
    '',
    'http://[fe80::1%25eth0]/',
  ]) {
    it(`refuses the target ${target || '(none)'}`, () => void refused(target, ['Host', 'a.example']));
  }

  it('refuses CONNECT inside a tunnel, and a target there that is no path', () => {
    refused('a.example:80', ['Host', 'a'], TUNNEL, { method: 'CONNECT' });
    refused('a.example:80', ['Host', 'a'], TUNNEL);
  });

  for (const [problem, hosts] of Object.entries({
    'no Host': [],
    'two Hosts': ['Host', 'a', 'Host', 'b'],
    'two equal Hosts': ['Host', 'a', 'host', 'a'],
    'an empty Host': ['Host', ''],
    'two names in Host': ['Host', 'a, b'],
    'user information in Host': ['Host', 'u@a'],
    'a path in Host': ['Host', 'a/b'],
  })) {
    it(`refuses ${problem}`, () => {
      for (const [target, route] of [
        ['http://a/', REGULAR],
        ['/', TUNNEL],
        ['/', REVERSE],
      ] as const)
        // prettier-ignore
        assert.match(refused(target, hosts, route), /^Host /);
    });
  }
});
