import assert from 'node:assert/strict';
import { Socket } from 'node:net';
import type { InterimResponse } from '../../src/core/ends';
import { HttpHeaders } from '../../src/http/headers';
import { readHead } from '../../src/transport/response-head';
import { UpstreamExchange } from '../../src/transport/upstream-exchange';
import { contentOf } from '../support/raw-origin';

/** An exchange without a socket, the parser's side played by the test. */
function start(signal = new AbortController().signal, protocols: string[] = []) {
  const told: unknown[] = [];
  const informed: InterimResponse[] = [];
  const socket = new Socket();
  const connection = {
    isAnswered: false,
    informed: (status: number) => void told.push(status),
    headArrived: () => void told.push('head'),
    pause: () => void told.push('pause'),
    resume: () => void told.push('resume'),
    detach: () => socket,
    release: (isReusable: boolean, keptFor?: number) =>
      void told.push(isReusable ? `free ${keptFor ?? ''}`.trim() : 'done'),
  };
  let clock = 1000;
  const exchange = new UpstreamExchange(
    connection,
    { method: 'GET', protocols },
    {
      where: 'a.example:80',
      limits: { headerBlock: 65536, upstreamResponse: 0 },
      now: () => clock++,
      inform: (interim) => void informed.push(interim),
      signal,
    },
  );
  return { exchange, connection, socket, told, informed };
}

const head = (line: string, ...fields: string[]) => readHead([`HTTP/${line}`, ...fields, ''].join('\r\n'));
const closed = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });

describe('UpstreamExchange', () => {
  it('makes a response of what the parser reads, times from the clock that it was given', async () => {
    const { exchange, told } = start();
    exchange.begin(head('1.1 200 Sch\xf6n', 'X-A: \xe9'), 'chunked');
    exchange.content(Buffer.from('abc'));
    exchange.end(new HttpHeaders({ 'X-Sum': '6' }));
    const response = await exchange.response;
    assert.deepEqual([response.startedAt, response.endedAt, await contentOf(response)], [1000, 1001, 'abc']);
    assert.deepEqual([response.headers.get('x-a'), response.trailers.get('x-sum')], ['\xe9', '6']);
    assert.equal(response.reason, 'Sch\xf6n');
    assert.deepEqual(told, ['head', 'free']);
  });

  it('lets a connection be used again only where HTTP and the server allow it', async () => {
    for (const [response, expected, framing = 'chunked'] of [
      [head('1.1 200 OK', 'Keep-Alive: max=3, timeout=5'), 'free 5000'],
      [head('1.1 200 OK', 'Connection: x, Close'), 'done'],
      [head('1.1 200 OK', 'Proxy-Connection: close'), 'done'],
      [head('1.1 200 OK'), 'done', 'close'],
      [head('1.0 200 OK'), 'done'],
      [head('1.0 200 OK', 'Connection: Keep-Alive'), 'free'],
      [head('1.1 304 Same', 'Content-Length: 5'), 'done', 'none'],
      [head('1.1 204 None', 'Transfer-Encoding: chunked'), 'done', 'none'],
      [head('1.1 204 None', 'Content-Length: 0'), 'free', 'none'],
    ] as const) {
      const { exchange, told } = start();
      exchange.begin(response, framing);
      exchange.end(new HttpHeaders());
      assert.deepEqual(told, ['head', expected]);
    }
  });

  it('goes by what the server says of its connection, whatever is made of the headers', async () => {
    const { exchange, told } = start();
    exchange.begin(head('1.1 200 OK', 'Keep-Alive: timeout=5'), 'chunked');
    (await exchange.response).headers.set('Keep-Alive', 'timeout=60');
    exchange.end(new HttpHeaders());
    assert.deepEqual(told, ['head', 'free 5000']);
  });

  it('cuts a response short when its socket failed, and hears of nothing more', async () => {
    const { exchange, told } = start();
    exchange.begin(head('1.1 200 OK'), 'close');
    exchange.fail(closed);
    exchange.content(Buffer.from('late'));
    exchange.end(new HttpHeaders());
    exchange.pause();
    await assert.rejects(contentOf(await exchange.response), /reset the connection after 0 bytes/);
    assert.deepEqual(told, ['head', 'done']);
  });

  it('is given up with its signal, and knows whether it was answered', async () => {
    const abort = new AbortController();
    const { exchange, told } = start(abort.signal);
    abort.abort();
    await assert.rejects(exchange.response, /a\.example:80 was left, because the client has gone/);
    assert.deepEqual([told, exchange.isUnanswered], [['done'], false]);
    const other = start();
    other.exchange.response.catch(() => {});
    other.exchange.fail(closed);
    assert.equal(other.exchange.isUnanswered, true);
    other.connection.isAnswered = true;
    assert.equal(other.exchange.isUnanswered, false);
  });

  it('informs of interim responses but 100, each with its own headers and no length', () => {
    const { exchange, informed, told } = start();
    exchange.interim(head('1.1 100 Continue'));
    exchange.interim(head('1.1 103 Early Hints', 'Link: </a>', 'Content-Length: 5'));
    assert.deepEqual(
      informed.map(({ status, headers }) => [status, [...headers]]),
      [[103, [['Link', '</a>']]]],
    );
    assert.deepEqual(told, [100, 103]);
  });

  it('gives its socket away with a 101 that was asked for, and takes no other', async () => {
    const asked = start(undefined, ['x']);
    asked.exchange.begin(head('1.1 101 Fine', 'Connection: Upgrade', 'Upgrade: x'), 'none');
    const { status, reason, headers } = await asked.exchange.response;
    assert.deepEqual([status, reason, headers.get('upgrade')], [101, 'Fine', 'x']);
    assert.equal(asked.exchange.switched, asked.socket);
    const unasked = start();
    unasked.exchange.begin(head('1.1 101 Fine', 'Connection: Upgrade', 'Upgrade: x'), 'none');
    await assert.rejects(unasked.exchange.response, /switched protocols, which it was not asked to/);
    assert.equal(unasked.exchange.switched, undefined);
    const vague = start(undefined, ['x']);
    vague.exchange.begin(head('1.1 101 Fine', 'Upgrade: x'), 'none');
    await assert.rejects(vague.exchange.response, /without saying to which/);
  });
});
