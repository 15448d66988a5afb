import assert from 'node:assert/strict';
import { openMitmproxy } from '../../src/recording/mitmproxy-reader';
import type { Recording } from '../../src/recording/recording';
import { contentOf, exchange, own, ownDumps, peer, record, TestFolder } from '../support/dumps';

describe('openMitmproxy', () => {
  const folder = new TestFolder();
  after(() => folder.remove());

  const open = async (content: Buffer | string): Promise<Recording> =>
    openMitmproxy(folder.file('a.mitm', content));

  for (const old of ownDumps().filter((name) => name.endsWith('-v17.mitm'))) {
    it(`reads ${old} and its v21 as the same exchanges`, async () => {
      const [a, b] = [await openMitmproxy(own(old)), await openMitmproxy(own(old.replace('v17', 'v21')))];
      assert.ok(a.flows.length > 0);
      assert.deepEqual(a.flows.map(exchange), b.flows.map(exchange));
      assert.deepEqual([...a.warnings, ...b.warnings], []);
      a.close();
      b.close();
    });
  }

  it('reads what was said, and when', async () => {
    const recording = await openMitmproxy(own('reverse-http-v21.mitm'));
    const flow = recording.flows[4]!;
    assert.equal(flow.number, 5);
    assert.equal(flow.request.url, 'http://127.0.0.1:47002/form');
    assert.equal(await flow.request.body.text(), 'a=1&b=2');
    assert.equal(flow.request.startedAt, 1795346219495.646);
    assert.equal(await flow.response!.body.text(), '{"n": 5, "path": "/form", "body": "a=1&b=2"}');
    assert.equal(recording.format, 'mitmproxy');
    recording.close();
  });

  it('reads a refused connection, bodies not kept, and a WebSocket', async () => {
    const refused = (await openMitmproxy(own('regular-http1-v21.mitm'))).flows[3]!;
    assert.match(refused.error!, /Connect call failed/);
    const { flows } = await openMitmproxy(own('streamed-nobody-v21.mitm'));
    assert.deepEqual(
      flows.map((flow) => flow.unstored),
      [{ response: true }, { request: true, response: true }],
    );
    const socket = (await openMitmproxy(own('reverse-ws-v21.mitm'))).flows[0]!;
    assert.deepEqual(
      socket.webSocket!.map(({ data }) => data.toString('latin1')),
      ['hi', 'echo hi', '\x00\x01', 'echo \x00\x01'],
    );
    assert.deepEqual(socket.webSocketClose, {
      from: 'client',
      code: 1000,
      reason: 'bye',
      time: 1795346585924.865,
    });
  });

  it('uses the flows before a cut, wherever the cut is, and says what was dropped', async () => {
    const whole = contentOf(own('streamed-nobody-v21.mitm'));
    const first = Number(whole.toString('latin1', 0, whole.indexOf(':'))) + 6;
    for (let kept = 1; kept < whole.length; kept++) {
      const cut = whole.subarray(0, kept);
      if (kept < first) {
        const message = /a\.mitm is cut off and has not one whole flow; copy it again, or record it anew$/;
        await assert.rejects(open(cut), { name: 'RecordingError', message }, `cut after ${kept}`);
        continue;
      }
      const { flows, warnings, close } = await open(cut);
      close();
      assert.equal(flows.length, 1, `cut after ${kept}`);
      const line = new RegExp(
        `the last ${kept - first} bytes are a cut-off record; dropped, the flow before it is used$`,
      );
      if (kept === first) assert.deepEqual(warnings, []);
      else assert.match(warnings.join('\n'), line);
    }
    assert.match((await open('')).warnings.join(), /a\.mitm: is empty$/);
  });

  it('refuses what is no dump', async () => {
    const files = [
      'hello',
      '5:hello,',
      '4:null~',
      '{"log":{}}',
      '0:}',
      '9:3:abc;0:~}',
      '99999999999:',
      '10:{"a":1}   }',
    ];
    for (const content of files) {
      await assert.rejects(
        open(content),
        { name: 'RecordingError', message: /a\.mitm is no mitmproxy dump/ },
        content,
      );
    }
  });

  it('survives hostile records', async () => {
    let deep = '0:~';
    for (let i = 0; i < 5000; i++) deep = `${deep.length}:${deep}]`;
    const proto = '9:__proto__;19:9:__proto__;4:true!}';
    const inner = `7:version;2:21#${proto}7:request;${deep.length}:${deep}]`;
    const { flows, warnings } = await open(
      Buffer.concat([record(), Buffer.from(`${inner.length}:${inner}}`), record()]),
    );
    assert.deepEqual(
      flows.map((flow) => flow.number),
      [1, 3],
    );
    assert.match(warnings.join(), /flow 2 was skipped/);
    assert.equal(Object.hasOwn(Object.prototype, 'true'), false);
    const huge = await open(Buffer.concat([record(), Buffer.from('9999999999:7:version;')]));
    assert.match(huge.warnings.join(), /the last 21 bytes are a cut-off record/);
  });

  it('answers any changed byte with flows or a RecordingError', async () => {
    const whole = contentOf(own('one-form-v21.mitm'));
    for (let at = 0; at < whole.length; at += 3) {
      const changed = Buffer.from(whole);
      changed[at] = changed[at]! ^ 0x15;
      await open(changed).then(
        (recording) => recording.close(),
        (error: Error) => assert.equal(error.name, 'RecordingError', `${at}: ${error.stack}`),
      );
    }
  });

  it('reads newer versions with a warning, while they have what is needed', async () => {
    const { flows, warnings } = await open(Buffer.concat([record({ version: 22 }), record({ version: 22 })]));
    assert.equal(flows.length, 2);
    assert.equal(warnings.length, 1);
    assert.match(warnings[0]!, /version 22 is newer/);
    await assert.rejects(
      open(record({ version: 99 }, { host: null })),
      /has version 99 and cannot be read \(request\.host/,
    );
  });

  it('reads the versions 7, 10, 11, 18 and 20 that others wrote', async function () {
    const counts = {
      'dumpfile-7-websocket': 3,
      'dumpfile-7': 2,
      'dumpfile-10': 1,
      successful_log: 2,
      websocket: 3,
    };
    for (const [name, count] of Object.entries(counts)) {
      const { flows } = await openMitmproxy(peer(this, `${name}.mitm`));
      assert.equal(flows.length, count, name);
    }
    const incomplete = await openMitmproxy(peer(this, 'incomplete_log.mitm'));
    assert.deepEqual(
      incomplete.flows.map((flow) => flow.response),
      Array(4).fill(undefined),
    );
    const corrupted = await openMitmproxy(peer(this, 'corrupted_gzip_body.mitm'));
    assert.equal(corrupted.flows[0]!.response!.body.bytesSync().length, 24);
  });
});
