import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { HttpRequest } from '../../src/http/request';
import { lateUpstream } from '../../src/transport/late-upstream';
import { DEFAULT_LIMITS } from '../../src/transport/options';

describe('lateUpstream', () => {
  let origin: Server;
  let port: number;

  before(async () => {
    origin = createServer((_, outgoing) => outgoing.end('hello')).listen(0, '127.0.0.1');
    await once(origin, 'listening');
    ({ port } = origin.address() as AddressInfo);
  });
  after(() => origin.close());

  const upstream = (options = {}) => lateUpstream({ insecure: false, ...options }, DEFAULT_LIMITS, Date.now);
  const get = () => new HttpRequest({ method: 'GET', scheme: 'http', host: '127.0.0.1', port, path: '/' });
  const exchange = () => ({ signal: new AbortController().signal, inform: () => {}, contact: () => {} });

  it('sends, and tells in the set that was there before what was contacted', async () => {
    const late = upstream();
    const { contacted } = late;
    assert.equal(contacted.size, 0);
    const response = await late.send(get(), exchange());
    assert.equal(response.status, 200);
    let body = '';
    for await (const chunk of response.body.chunks()) body += String(chunk);
    assert.equal(body, 'hello');
    assert.deepEqual([...contacted], [`127.0.0.1:${port}`]);
    await late.close();
  });

  it('dials, and knows loops', async () => {
    const late = upstream();
    const socket = await late.dial({ host: '127.0.0.1', port }, exchange().signal);
    socket.destroy();
    await late.refuseLoop(get());
    await late.close();
  });

  it('sends nothing once it was closed, made before or not', async () => {
    const late = upstream();
    await late.close();
    await assert.rejects(late.send(get(), exchange()), { message: /was not asked, because the proxy stops/ });
    assert.equal(late.contacted.size, 0);
  });

  it('refuses at once what cannot be read', () => {
    assert.throws(() => upstream({ ca: 'none' }), { name: 'ConfigError' });
    assert.throws(() => upstream({ clientCertificates: [{ host: '*', cert: 'none' }] }), {
      name: 'ConfigError',
    });
  });
});
