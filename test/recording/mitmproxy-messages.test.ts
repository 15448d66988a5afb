import assert from 'node:assert/strict';
import { openMitmproxy } from '../../src/recording/mitmproxy-reader';
import type { RecordedFlow } from '../../src/recording/recorded-flow';
import type { TnetValue } from '../../src/recording/tnetstring';
import { bytes, record, TestFolder } from '../support/dumps';

type Fields = Record<string, TnetValue>;

describe('the messages of a dump', () => {
  const folder = new TestFolder();
  after(() => folder.remove());

  async function load(
    request: Fields,
    response: Fields = {},
  ): Promise<{ flow?: RecordedFlow; warnings: readonly string[] }> {
    const content = Buffer.concat([record(), record({}, request, response)]);
    const recording = await openMitmproxy(folder.file('a.mitm', content));
    recording.close();
    const flow = recording.flows[1];
    return { ...(flow && { flow }), warnings: recording.warnings };
  }
  const request = async (fields: Fields): Promise<RecordedFlow['request']> =>
    (await load(fields)).flow!.request;

  it('keep their headers byte for byte, in order and number', async () => {
    const pairs = [
      ['Set-Cookie', 'a=1'],
      ['X-LATIN', 'caf\xe9'],
      ['set-cookie', ''],
    ];
    const { flow } = await load(
      {},
      { headers: pairs.map((pair) => pair.map(bytes)), trailers: [[bytes('T'), bytes('1')]] },
    );
    assert.deepEqual([...flow!.response!.headers], pairs);
    assert.deepEqual([...flow!.response!.trailers], [['T', '1']]);
  });

  it('say where the connection went, IPv6 without brackets, the name as bytes or text', async () => {
    assert.equal((await request({ host: bytes('old.test') })).host, 'old.test');
    const v6 = await request({ host: '[::1]', port: 8080 });
    assert.deepEqual([v6.host, v6.url], ['::1', 'http://[::1]:8080/']);
    assert.equal((await request({ path: bytes('*'), method: bytes('OPTIONS') })).path, '*');
  });

  it('of HTTP/2 get a Host from the authority', async () => {
    const two = {
      http_version: bytes('HTTP/2.0'),
      headers: [[bytes('accept'), bytes('*/*')]],
      authority: bytes('b.test'),
    };
    const flow = await request(two);
    assert.equal(flow.httpVersion, '2.0');
    assert.deepEqual(
      [...flow.headers],
      [
        ['host', 'b.test'],
        ['accept', '*/*'],
      ],
    );
  });

  it('unfold header lines and leave pseudo-header fields out', async () => {
    const headers = [
      [bytes(':method'), bytes('GET')],
      [bytes('X'), bytes('a\r\n b')],
    ];
    assert.deepEqual([...(await request({ headers })).headers], [['X', 'a b']]);
  });

  it('take the end of the request for a response without a time', async () => {
    const { flow } = await load({ timestamp_end: 7.25 }, { timestamp_start: null, timestamp_end: null });
    assert.equal(flow!.response!.startedAt, 7250);
    assert.equal(flow!.response!.endedAt, undefined);
  });

  it('read the spellings of older versions', async () => {
    const old = {
      content: null,
      body: bytes('old'),
      reason: null,
      msg: bytes('Fine'),
      status_code: null,
      code: 201,
    };
    const { flow } = await load({ http_version: null, httpversion: [1, 0] }, old);
    assert.equal(flow!.request.httpVersion, '1.0');
    assert.equal(flow!.response!.reason, 'Fine');
    assert.equal(flow!.response!.status, 201);
  });

  it('lose the header lines that no message may have, and no more', async () => {
    const headers = [
      [bytes('X[bad]'), bytes('1')],
      [bytes('X'), bytes('a\r\nSet-Cookie: b')],
      [bytes('Kept'), bytes('1')],
    ];
    const { flow, warnings } = await load({}, { headers });
    assert.deepEqual([...flow!.response!.headers], [['Kept', '1']]);
    assert.equal(warnings.length, 2);
    assert.match(
      warnings[0]!,
      /flow 2 has a flaw: response header "X\[bad\]" has a name that no header may have; left out$/,
    );
    assert.match(warnings[1]!, /response header "X" has a value that no header may have; left out$/);
  });

  it('that cannot be used are skipped by name', async () => {
    const bad: Array<[Fields, Fields, RegExp]> = [
      [{ host: null }, {}, /flow 2 was skipped: request\.host is missing/],
      [{ port: 70000 }, {}, /request\.port is no port/],
      [{ port: 0 }, {}, /request\.port is no port/],
      [{ host: 'a b' }, {}, /request\.host is no host name or address/],
      [{ method: bytes('GET\r\n') }, {}, /request\.method is no token/],
      [{ method: bytes('x'.repeat(65)) }, {}, /request\.method is no token/],
      [{ scheme: bytes('ftp') }, {}, /request\.scheme/],
      [{ headers: [bytes('x')] }, {}, /skipped/],
      [{}, { status_code: 0 }, /response\.status_code is no status/],
    ];
    for (const [change, response, message] of bad) {
      const { flow, warnings } = await load(change, response);
      assert.equal(flow, undefined);
      assert.match(warnings.join('\n'), message);
    }
  });

  it('have a path that a request line can have', async () => {
    const { flow } = await load({ path: '/a b?\u2713' }, {});
    assert.equal(flow!.request.path, '/a%20b?%E2%9C%93');
  });
});
