import assert from 'node:assert/strict';
import { KillUnmatched, Ledger, PassThrough, type ProxyOptions } from 'replay-proxy';
import { Origin } from '../support/origin';
import { sharedAuthorityFolder } from '../support/temp';
import { answerOf, needs, startProxy, stopProxies } from '../support/wire';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

describe('a host that is to be left alone', () => {
  let origin: Origin;
  before(async () => (origin = await Origin.start(sharedAuthorityFolder())));
  after(() => origin.stop());
  afterEach(stopProxies);

  const passing = (options: ProxyOptions = {}) => {
    const ledger = new Ledger();
    return startProxy(
      [new KillUnmatched(), new PassThrough(['127.0.0.*', 'localhost']), ledger],
      options,
    ).then((proxy) => ({ ...proxy, ledger }));
  };

  it('speaks to its client itself, also under kill, and is accounted for', async () => {
    const { tunnel, flows, ledger, proxy } = await passing();
    const client = await tunnel('127.0.0.1', origin.port);
    client.send('GET /text HTTP/1.1\r\nHost: a\r\n\r\n');
    assert.equal((await answerOf(client))?.status, 200);
    client.close();
    assert.deepEqual(
      flows.map(({ request, outcome, decidedBy }) => [request.method, request.host, outcome, decidedBy]),
      [['CONNECT', '127.0.0.1', 'forwarded', 'PassThrough']],
    );
    assert.deepEqual(ledger.report().contacted, [`127.0.0.1:${origin.port}`]);
    assert.deepEqual([...proxy.contacted], [`127.0.0.1:${origin.port}`]);
  });

  it('is refused offline, and not contacted', async () => {
    const { open, ledger, proxy } = await passing({ offline: true });
    const client = await open();
    const answer = await client.send(`CONNECT 127.0.0.1:${origin.port} HTTP/1.1\r\nHost: a\r\n\r\n`).end();
    assert.match(answer, /^HTTP\/1\.1 502 [^]*offline: addon PassThrough wanted to forward a tunnel/);
    assert.equal(ledger.report().refused.length, 1);
    assert.deepEqual([...proxy.contacted], []);
  });

  it('is reached through SOCKS5, too, by a client that trusts it alone', async function () {
    needs(this, 'curl');
    const { proxy, caFile, flows } = await passing({ listeners: ['socks5@0'] });
    const via = proxy.urls[1]!.replace('socks5:', 'socks5h:');
    const { stdout } = await promisify(execFile)('curl', [
      ...['-sS', '--max-time', '8', '--noproxy', '', '--cacert', caFile, '-x', via],
      ...['-w', '%{remote_port} %{ssl_verify_result}', `https://127.0.0.1:${origin.port}/text`],
    ]);
    assert.match(stdout, /^hello, wörld\n\d+ 0$/);
    assert.equal(flows[0]?.outcome, 'forwarded');
    assert.equal(flows.length, 1, 'nothing inside was seen');
  });
});
