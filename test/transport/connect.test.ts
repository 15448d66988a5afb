import assert from 'node:assert/strict';
import { closeTransports, startTransport } from '../support/transport';

const connect = (target: string) => `CONNECT ${target} HTTP/1.1\r\nHost: a.example\r\n\r\n`;

describe('CONNECT', () => {
  afterEach(closeTransports);

  it('is for a host and a port', async () => {
    const { say } = await startTransport();
    for (const target of ['a.example', 'http://a.example/', '/', '*', '__proto__:443', 'a@b.example:1'])
      assert.match(await say(connect(target)), /^HTTP\/1\.1 400 [^]*host name or address with a port\n$/);
  });

  it('has one Host and no content', async () => {
    const { say } = await startTransport();
    const line = 'CONNECT a.example:443 HTTP/1.1\r\n';
    for (const lines of ['', 'Host: a\r\nHost: a\r\n', 'Host: a/b\r\n', 'Host: a\r\nContent-Length: 5\r\n'])
      assert.match(await say(`${line}${lines}\r\nhello`), /^HTTP\/1\.1 400 /);
  });

  it('is not for a stand-in of one server', async () => {
    const reverse = { scheme: 'http', host: 'a.example', port: 80 } as const;
    const { say } = await startTransport({ options: { reverse } });
    assert.match(await say(connect('a.example:443')), /^HTTP\/1\.1 405 /);
  });

  it('needs the credentials that requests need', async () => {
    const { say } = await startTransport({ options: { proxyAuth: 'secret' } });
    assert.match(await say(connect('a.example:443')), /^HTTP\/1\.1 407 [^]*proxy-authenticate: Basic/);
  });

  it('does not wait behind other requests', async () => {
    const { open, seen } = await startTransport({
      exchange: () => new Promise(() => {}),
      limits: { grace: 1 },
    });
    const client = (await open()).send('GET http://a.example/ HTTP/1.1\r\nHost: a.example\r\n\r\n');
    while (seen.length === 0) await new Promise(setImmediate);
    client.send(connect('a.example:443'));
    await closeTransports();
    assert.equal(await client.end(), '');
  });
});
