import assert from 'node:assert/strict';
import { closeTransports, startTransport } from '../support/transport';

const HOST = 'Host: a.example\r\n';
const END = 'Connection: close\r\n\r\n';
const GET = 'GET http://a.example/ HTTP/1.1\r\n';
const POST = 'POST http://a.example/ HTTP/1.1\r\n';

/** What Node's parser lets through and other servers read in another way (WIRE, Framing). */
describe('ambiguous requests', () => {
  afterEach(closeTransports);

  for (const [name, bytes] of Object.entries({
    'two Host lines': `${GET}${HOST}Host: b.example\r\n${END}`,
    'two equal Host lines': `${GET}${HOST}${HOST}${END}`,
    'user information in Host': `${GET}Host: u@a.example\r\n${END}`,
    'a path in Host': `${GET}Host: a.example/x\r\n${END}`,
    'an empty Host': `${GET}Host:\r\n${END}`,
    'no Host': `${GET}${END}`,
    'a list in Host': `${GET}Host: a, b\r\n${END}`,
    'GET *': `GET * HTTP/1.1\r\n${HOST}${END}`,
    'an empty Transfer-Encoding': `${POST}${HOST}Transfer-Encoding:\r\n${END}`,
    'Transfer-Encoding: ,chunked': `${POST}${HOST}Transfer-Encoding: ,chunked\r\n${END}0\r\n\r\n`,
    'Transfer-Encoding: gzip, chunked': `${POST}${HOST}Transfer-Encoding: gzip, chunked\r\n${END}0\r\n\r\n`,
    'Transfer-Encoding on HTTP/1.0': `POST http://a.example/ HTTP/1.0\r\n${HOST}Transfer-Encoding: chunked\r\n${END}0\r\n\r\n`,
    'Content-Length: 00': `${POST}${HOST}Content-Length: 00\r\n${END}`,
    'a header named __proto__': `${GET}${HOST}__proto__: x\r\n${END}`,
  })) {
    it(`are refused: ${name}`, async () => {
      const { say, seen } = await startTransport();
      const answer = await say(`${bytes}${GET}${HOST}\r\n`);
      assert.match(answer, /^HTTP\/1\.1 400 /);
      assert.equal(answer.match(/^HTTP\/1\.1 \d/gm)?.length, 1, 'nothing after it is taken for a request');
      assert.equal(seen.length, 0);
    });
  }

  it('are made one: a URL whose authority is not Host', async () => {
    const { say, seen } = await startTransport();
    await say(`${GET}Host: other.example\r\n${END}`);
    assert.equal(seen[0]?.request.host, 'a.example');
    assert.equal(seen[0].request.headers.get('host'), 'a.example');
  });
});
