import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Report } from 'replay-proxy';
import { Bench } from '../cli/bench';
import { replay } from '../cli/command';
import { RawClient } from '../support/raw-client';
import { RECORDINGS } from '../support/wire';
import { speakOn, stopWebSockets, type WebSocketClient } from '../support/web-sockets';

const DUMP = path.join(RECORDINGS, 'mitmproxy/reverse-ws-v21.mitm');
const HOST = '127.0.0.1:47020';

describe('a recorded WebSocket on the command line', function () {
  this.timeout(30_000);
  const bench = new Bench();
  afterEach(stopWebSockets);

  async function connect(at: { host: string; port: number }, target = '/ws?x=1'): Promise<WebSocketClient> {
    const tunnel = (await RawClient.open(at)).send(`CONNECT ${HOST} HTTP/1.1\r\nHost: ${HOST}\r\n\r\n`);
    await tunnel.until(/^HTTP\/1\.1 200 [^]*\r\n\r\n$/);
    tunnel.clear();
    return speakOn(tunnel, `http://${HOST}${target}`);
  }

  it('is replayed; one that says something else fails the run', async () => {
    const at = await bench.run('-S', DUMP, '-k', '--fail-on', 'missed', '--report', 'report.json', '--reuse');
    const good = await (await connect(at)).opened();
    good.socket.send('hi');
    good.socket.send(Buffer.from([0, 1]));
    assert.deepEqual(await good.got(2), ['echo hi', Buffer.from('echo \x00\x01')]);
    good.socket.close(1000, 'bye');
    await good.closed();
    const bad = await (await connect(at)).opened();
    bad.socket.send('ho');
    const reason = 'message 1 of 2 is not the recorded one: body is ho, recorded hi';
    assert.equal(await bad.closed(), `1011 ${reason}`);
    assert.equal(await (await connect(at, '/other')).closed(), '1006', 'killed');
    const told = await bench.running.line(/^.* replayed: (departed .*)$/m);
    assert.equal(told, `departed from #1 of ${DUMP}: ${reason}`);
    assert.equal(await bench.running.stop('SIGINT'), 1);
    const report = JSON.parse(readFileSync(bench.project.path('report.json'), 'utf8')) as Report;
    const { replayed, missed, forwarded } = report.counts;
    assert.deepEqual([replayed, missed, forwarded, report.contacted], [2, 2, 0, []]);
    assert.deepEqual(
      report.missed.map(({ miss }) => miss?.reason),
      ['departed', 'never recorded'],
    );
  });

  it('is converted and shown', () => {
    const { folder } = bench.project;
    assert.equal(replay(folder, 'convert', DUMP, 'ws.har').code, 0);
    assert.equal(replay(folder, 'convert', 'ws.har', 'ws.mitm').code, 0);
    const shown = ['ws.har', 'ws.mitm', DUMP].map((file) => replay(folder, 'show', file, '1').out);
    assert.equal(new Set(shown).size, 1);
    assert.match(shown[0]!, /^WebSocket: 4 messages, 2 from the client; closed by the client, 1000 bye$/m);
    assert.match(shown[0]!, /^< \+\d+ ms 7 B: echo hi$/m);
  });
});
