import assert from 'node:assert/strict';
import { once } from 'node:events';
import { statusOf } from '../../src/errors';
import { askForTunnel, credentialsRefused } from '../../src/transport/http-connect';
import { parseProxyUrl } from '../../src/transport/upstream-proxy';
import { closeSocketPairs, socketPair } from '../support/socket-pair';

const never = new AbortController().signal;
const TO = { host: '::1', port: 443 };

describe('a tunnel through an HTTP proxy', () => {
  afterEach(closeSocketPairs);

  const ask = async (answer: string, url = 'http://p:1', then: 'stay' | 'end' = 'stay') => {
    const { ours, theirs } = await socketPair();
    const asking = askForTunnel(ours, TO, parseProxyUrl(url), never);
    const [head] = (await once(theirs, 'data')) as [Buffer];
    theirs.write(answer, 'latin1');
    if (then === 'end') theirs.end();
    return { head: String(head), ours, theirs, asking };
  };

  it('is asked for by CONNECT, with the credentials of the proxy', async () => {
    const plain = await ask('HTTP/1.1 200 OK\r\n\r\n');
    assert.equal(plain.head, 'CONNECT [::1]:443 HTTP/1.1\r\nHost: [::1]:443\r\n\r\n');
    await plain.asking;
    const { head, asking } = await ask('HTTP/1.0 200 Connection established\r\n\r\n', 'http://me:secret@p:1');
    assert.match(head, /\r\nProxy-Authorization: Basic bWU6c2VjcmV0\r\n/);
    await asking;
  });

  it('begins with what comes behind the answer, interim ones left out', async () => {
    const { ours, asking } = await ask('HTTP/1.1 103 Early\r\n\r\nHTTP/1.1 200 OK\r\nVia: x\r\n\r\nSSH-2.0');
    await asking;
    const [bytes] = (await once(ours, 'data')) as [Buffer];
    assert.equal(String(bytes), 'SSH-2.0');
  });

  it('is not there when the proxy refuses, and says what it said', async () => {
    const SAYS = 'the upstream proxy http://p:1';
    for (const [answer, url, message, status] of [
      [
        'HTTP/1.1 403 Forbidden\r\n\r\nno',
        'http://p:1',
        `${SAYS} refused the way to [::1]:443: 403 Forbidden`,
        502,
      ],
      ['HTTP/1.1 502\r\n\r\n', 'http://p:1', `${SAYS} refused the way to [::1]:443: 502`, 502],
      ['HTTP/1.1 504 Late\r\n\r\n', 'http://p:1', `${SAYS} refused the way to [::1]:443: 504 Late`, 504],
      [
        'HTTP/1.1 407 No\r\n\r\n',
        'http://p:1',
        `${SAYS} asks for credentials (407); put them into its URL, http://user:password@host:port`,
        502,
      ],
      [
        'HTTP/1.1 407 No\r\n\r\n',
        'http://me:secret@p:1',
        `${SAYS} does not accept the user name and password that it was given (407)`,
        502,
      ],
      ['SSH-2.0\r\n\r\n', 'http://p:1', `${SAYS} answered CONNECT with what is no HTTP/1 response`, 502],
      ['x'.repeat(70_000), 'http://p:1', `${SAYS} answered CONNECT with what is no HTTP/1 response`, 502],
    ] as const)
      await assert.rejects((await ask(answer, url)).asking, (error: Error) => {
        assert.deepEqual([error.name, error.message, statusOf(error)], ['UpstreamError', message, status]);
        return true;
      });
  });

  it('is not there when the proxy closes, or is not waited for any longer', async () => {
    const { asking } = await ask('HTTP/1.1 200', 'http://p:1', 'end');
    await assert.rejects(asking, {
      message: 'the upstream proxy http://p:1 closed the connection before it stood',
    });
    const { ours } = await socketPair();
    const late = AbortSignal.abort(new Error('late'));
    await assert.rejects(askForTunnel(ours, TO, parseProxyUrl('http://p:1'), late), /late/);
  });
});

describe('credentialsRefused', () => {
  it('names the kind of proxy', () => {
    assert.match(
      credentialsRefused(parseProxyUrl('https://p:1')).message,
      /https:\/\/user:password@host:port$/,
    );
  });
});
