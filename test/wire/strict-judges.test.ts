import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import { Malformed, strictRequest, strictResponse } from '../support/strict-message';
import { StrictOrigin } from '../support/strict-origin';

const HEAD = 'POST / HTTP/1.1\r\nHost: a\r\n';
const CHUNKED = `${HEAD}Transfer-Encoding: chunked\r\n\r\n`;
const OK = 'HTTP/1.1 200 OK\r\n';

/** Who judges hostile traffic in the tests has to see what is wrong with it. */
describe('the strict reader', () => {
  for (const bytes of [
    `POST / HTTP/1.1\r\n\r\n`,
    `POST / HTTP/2.0\r\nHost: a\r\n\r\n`,
    `POST  / HTTP/1.1\r\nHost: a\r\n\r\n`,
    `\r\n${HEAD}\r\n`,
    `${HEAD}Host: a\r\n\r\n`,
    `${HEAD}A : b\r\n\r\n`,
    `${HEAD}A: b\r\n c\r\n\r\n`,
    `${HEAD}A: b\nC: d\r\n\r\n`,
    `${HEAD}A: \x00\r\n\r\n`,
    `${HEAD}Content-Length: 05\r\n\r\nhello`,
    `${HEAD}Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello`,
    `${HEAD}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    `${HEAD}Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n`,
    `${CHUNKED}0x5\r\nhello\r\n0\r\n\r\n`,
    `${CHUNKED}5\nhello\r\n0\r\n\r\n`,
    `${CHUNKED}5;a\nhello\r\n0\r\n\r\n`,
    `${CHUNKED}3\r\nhello\r\n0\r\n\r\n`,
    `${CHUNKED}0\r\nA b: c\r\n\r\n`,
  ]) {
    it(`takes no request ${JSON.stringify(bytes)}`, () =>
      assert.throws(() => strictRequest(bytes), Malformed));
  }

  it('reads one request, no byte more, and none that is not whole', () => {
    const whole = `${CHUNKED}5;a="b"\r\nhello\r\n0\r\nX-Sum: 1\r\n\r\n`;
    const message = strictRequest(`${whole}GET`);
    assert.deepEqual(
      [message?.body, message?.trailers, message?.length],
      ['hello', [['X-Sum', '1']], whole.length],
    );
    for (let length = 0; length < whole.length; length += 1)
      assert.equal(strictRequest(whole.slice(0, length)), undefined, whole.slice(0, length));
  });

  for (const bytes of [
    `HTTP/1.1 99 x\r\n\r\n`,
    `HTTP/1.1 200\r\n\r\n`,
    `${OK}Content-Length: +5\r\n\r\nhello`,
  ]) {
    it(`takes no response ${JSON.stringify(bytes)}`, () =>
      assert.throws(() => strictResponse(bytes, 'GET', true), Malformed));
  }

  it('tells where a response ends', () => {
    const body = (bytes: string, method: string, ended: boolean) =>
      strictResponse(bytes, method, ended)?.body;
    assert.equal(body(`${OK}\r\nhello`, 'GET', true), 'hello');
    assert.equal(body(`${OK}\r\nhello`, 'GET', false), undefined);
    assert.equal(body(`${OK}Content-Length: 5\r\n\r\nhel`, 'GET', true), undefined);
    assert.equal(body(`${OK}Content-Length: 5\r\n\r\nhello`, 'HEAD', false), '');
    assert.equal(body('HTTP/1.1 304 x\r\n\r\nhello', 'GET', false), '');
  });
});

describe('the strict origin', () => {
  it('keeps requests, what is left over, and what it could not read', async () => {
    const origin = await StrictOrigin.start();
    const client = connect(origin.port, '127.0.0.1').resume();
    client.write(`${HEAD}Content-Length: 2\r\n\r\nhi${HEAD}Content-Le`);
    while (origin.leftovers.length === 0) await new Promise(setImmediate);
    assert.deepEqual(
      origin.requests.map(({ body }) => body),
      ['hi'],
    );
    assert.deepEqual(origin.leftovers, [`${HEAD}Content-Le`]);
    client.write('ngth: 0x0\r\n\r\n');
    await once(client, 'close');
    assert.match(origin.faults.join(), /^the length "0x0"/);
    await origin.stop();
  });
});
