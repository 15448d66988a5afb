import assert from 'node:assert/strict';
import { Flow, FlowLog, forward, HttpResponse, kill, ServerReplay, UpstreamError } from 'replay-proxy';
import { exchange } from '../../src/core/exchange';
import { fakeProxy, recordedFlow, replayer } from '../support/addons';
import { FakeClient, streamOf } from '../support/exchange';
import { entry, requestOf } from '../support/replay';

function logged(options: ConstructorParameters<typeof FlowLog>[0] = {}) {
  const lines: string[] = [];
  return {
    lines,
    log: new FlowLog({
      write: (line) => lines.push(line.replace(/^\d\d:\d\d:\d\d /, 'TIME ')),
      colours: false,
      ...options,
    }),
  };
}

describe('FlowLog', () => {
  it('writes one line for every way in which a flow can end', async () => {
    const { lines, log } = logged();
    await fakeProxy([log]).run('http://shop.example/a?b=1');
    await fakeProxy([log, replayer(recordedFlow({ status: 404, body: 'x'.repeat(1234) }))]).run();
    const killed = fakeProxy([log]);
    killed.hooks.request.tap('Kill', () => kill('not recorded'));
    await killed.run();
    await fakeProxy([log], () =>
      Promise.reject(new UpstreamError('shop.example:80 refused the connection')),
    ).run();
    assert.deepEqual(lines, [
      'TIME GET http://shop.example/a?b=1 200 5 B 100 ms forwarded',
      'TIME GET http://shop.example/ 404 1.2 kB 100 ms replayed',
      'TIME GET http://shop.example/ - - 100 ms killed: not recorded',
      'TIME GET http://shop.example/ 502 39 B 100 ms failed: shop.example:80 refused the connection',
    ]);
  });

  it('counts the bytes of a stream as they pass', async () => {
    const { lines, log } = logged();
    const response = new HttpResponse({ headers: { 'content-type': 'text/event-stream' } });
    response.body = streamOf('one', 'two');
    await fakeProxy([log], () => response).run();
    assert.deepEqual(lines, ['TIME GET http://shop.example/ 200 6 B 100 ms forwarded']);
  });

  it('writes control characters out', async () => {
    const { lines, log } = logged();
    const { run, hooks } = fakeProxy([log]);
    hooks.requestHeaders.tap('Hostile', ({ request }) => {
      request.path = '/\x1b[2J\r\nforged';
      return kill('\x07');
    });
    await run();
    assert.deepEqual(lines, [
      'TIME GET http://shop.example/\\x1b[2J\\x0d\\x0aforged - - 100 ms killed: \\x07',
    ]);
  });

  it('colours the outcome, and adds headers when asked to', async () => {
    const { lines, log } = logged({ colours: true, verbose: true });
    await fakeProxy([log]).run();
    assert.match(lines[0]!, /\x1b\[34mforwarded\x1b\[39m$/); // eslint-disable-line no-control-regex -- the colour is the point
    assert.deepEqual(lines.slice(1), [
      '    > Host: shop.example',
      '    < content-type: text/plain; charset=utf-8',
    ]);
  });

  it('names the session, and says why no recording answered', async () => {
    const { lines, log } = logged();
    const replay = new ServerReplay({ from: [[entry('http://shop.example/?a=1', '', { number: 1 })]] });
    const { hooks, core, run } = fakeProxy([log, replay]);
    await hooks.start.promise();
    await run('http://shop.example/?a=2');
    hooks.unmatched.tap('Kill', () => kill('not here'));
    const client = new FakeClient(requestOf('http://shop.example/?a=1'));
    const { request, info, signal } = client;
    await exchange(
      new Flow({ id: '1', request, client: info, signal, startedAt: 900, session: 'ann' }),
      client,
      core,
    );
    await run('http://shop.example/?a=1&b');
    assert.deepEqual(lines, [
      'TIME GET http://shop.example/?a=2 200 5 B 100 ms forwarded: never recorded; nearest is #1 of shop.har: query.a is 2, recorded 1',
      'TIME [ann] GET http://shop.example/?a=1 200 0 B 100 ms replayed',
      'TIME GET http://shop.example/?a=1&b - - 100 ms killed: not here; never recorded; nearest is #1 of shop.har: query.b is (empty), not recorded',
    ]);
  });

  it('names the addon that let a request out', async () => {
    const { lines, log } = logged();
    const { run, hooks } = fakeProxy([log]);
    hooks.unmatched.tap('LetOut', () => forward());
    await run('http://shop.example/');
    assert.deepEqual(lines, ['TIME GET http://shop.example/ 200 5 B 100 ms forwarded: by addon LetOut']);
  });

  it('keeps secrets out', async () => {
    const { lines, log } = logged({
      verbose: true,
      redact: ['query.token', 'header.cookie', 'response.header.x-key'],
    });
    const { run } = fakeProxy([log], () => new HttpResponse({ headers: { 'X-Key': 's3cret' } }));
    await run(requestOf('http://shop.example/?token=s3cret', { Cookie: 'id=s3cret' }));
    assert.deepEqual(lines, [
      'TIME GET http://shop.example/?token=redacted 200 0 B 100 ms forwarded',
      '    > Host: shop.example',
      '    > Cookie: id=redacted',
      '    < X-Key: redacted',
    ]);
  });
});
