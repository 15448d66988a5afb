import assert from 'node:assert/strict';
import type { InterimResponse } from '../../src/core/ends';
import { contentOf } from '../support/raw-origin';
import { UpstreamExchange } from '../../src/transport/upstream-exchange';

/** An exchange without a socket, undici's side played by the test. */
function start(signal = new AbortController().signal) {
  const told: unknown[] = [];
  const informed: InterimResponse[] = [];
  const connection = {
    failure: undefined as Error | undefined,
    isAnswered: false,
    headSent: true,
    takeHead: () => [],
    release: (isReusable: boolean) => void told.push(isReusable ? 'free' : 'done'),
  };
  let clock = 1000;
  const exchange = new UpstreamExchange(connection, {
    where: 'a.example:80',
    limits: { headerBlock: 65536, upstreamResponse: 0 },
    now: () => clock++,
    inform: (interim) => void informed.push(interim),
    signal,
  });
  const controller = {
    aborted: false,
    paused: false,
    reason: null,
    rawHeaders: [] as Buffer[],
    rawTrailers: [] as Buffer[],
    abort: (reason: Error) => exchange.onResponseError(controller, reason),
    pause: () => {},
    resume: () => {},
  };
  return { exchange, controller, connection, told, informed };
}

const raw = (...items: string[]) => items.map((item) => Buffer.from(item, 'latin1'));

describe('UpstreamExchange', () => {
  it('makes a response of what undici calls back, times from the clock that it was given', async () => {
    const { exchange, controller, told } = start();
    assert.equal(exchange.isUnsent, true);
    exchange.onRequestStart(controller);
    assert.equal(exchange.isUnsent, false);
    controller.rawHeaders = raw('X-A', '\xe9');
    exchange.onResponseStart(controller, 200, {}, 'Sch\u00f6n');
    exchange.onResponseData(controller, Buffer.from('abc'));
    controller.rawTrailers = raw('X-Sum', '6');
    exchange.onResponseEnd(controller);
    const response = await exchange.response;
    assert.deepEqual([response.startedAt, response.endedAt, await contentOf(response)], [1000, 1001, 'abc']);
    assert.deepEqual([response.headers.get('x-a'), response.trailers.get('x-sum')], ['\xe9', '6']);
    assert.equal(response.reason, 'Sch\xc3\xb6n');
    assert.deepEqual(told, ['free']);
  });

  it('does not call a response whole when its socket failed at its end', async () => {
    const { exchange, controller, connection, told } = start();
    exchange.onRequestStart(controller);
    exchange.onResponseStart(controller, 200, {}, 'OK');
    connection.failure = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
    exchange.onResponseEnd(controller);
    await assert.rejects(contentOf(await exchange.response), /reset the connection after 0 bytes/);
    assert.deepEqual(told, ['done']);
  });

  it('trusts no response to a request that undici wrote by itself', () => {
    const { exchange, controller, connection } = start();
    connection.headSent = false;
    exchange.onRequestStart(controller);
    assert.throws(() => exchange.onResponseStart(controller, 200, {}, 'OK'), /of its own making/);
  });

  it('sends nothing once it is given up, also when that was before it began', async () => {
    const { exchange, controller, told } = start(AbortSignal.abort());
    exchange.onRequestStart(controller);
    await assert.rejects(exchange.response, /a\.example:80 was left, because the client has gone/);
    assert.deepEqual(told, ['done']);
    assert.equal(exchange.isUnanswered, false);
  });

  it('tells no length of an interim response', () => {
    const { exchange, controller, informed } = start();
    exchange.onRequestStart(controller);
    controller.rawHeaders = raw('Content-Length', '5', 'Link', '</a>');
    exchange.onResponseStart(controller, 103, {});
    assert.deepEqual([...informed[0]!.headers], [['Link', '</a>']]);
  });

  it('informs of interim responses, each with its own headers', () => {
    const { exchange, controller, informed } = start();
    exchange.onRequestStart(controller);
    controller.rawHeaders = raw('Link', '</a>');
    exchange.onResponseStart(controller, 103, {}, 'Early Hints');
    assert.deepEqual(
      informed.map(({ status, headers }) => [status, headers.get('link')]),
      [[103, '</a>']],
    );
  });
});
