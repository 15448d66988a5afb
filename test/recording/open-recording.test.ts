import assert from 'node:assert/strict';
import { linkSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { decodeContent } from '../../src/http/content-coding';
import type { RecordedFlow } from '../../src/recording/recorded-flow';
import { openRecording, openWriter } from '../../src/recording/open-recording';
import { VERSION } from '../../src/version';
import { contentOf, flowOf, own, peer, TestFolder } from '../support/dumps';

const HAR = '{"log":{"version":"1.2","creator":{"name":"a","version":"1"},"entries":[]}}';

// What mitmproxy's HAR has of an exchange: one host for target and Host, bodies decoded, times by the millisecond.
function carried({ request, response, webSocket }: RecordedFlow): Record<string, unknown> {
  const { method, scheme, port, path, httpVersion, headers } = request;
  const host = headers.get('host') ?? request.host;
  const coding = response?.headers.get('content-encoding');
  return {
    ...{ method, scheme, host, port, path, httpVersion },
    time: Math.floor(request.startedAt),
    sent: request.body.bytesSync().toString('latin1'),
    status: response?.status,
    headers: response && [...response.headers].filter(([name]) => !/^content-(encoding|length)$/i.test(name)),
    received: response && decoded(response.body.bytesSync(), coding),
    messages: webSocket?.map(({ from, opcode, data }) => [from, opcode, data.toString('latin1')]),
  };
}

function decoded(bytes: Buffer, coding: string | undefined): string {
  try {
    return decodeContent(bytes, coding).toString('latin1');
  } catch {
    return 'what cannot be decoded';
  }
}

describe('openRecording', () => {
  const folder = new TestFolder();
  after(() => folder.remove());

  it('tells the kind by content, whatever the name', async () => {
    const dump = contentOf(own('one-form-v21.mitm'));
    const files: Array<[string, Buffer | string, string, number]> = [
      ['dump.har', dump, 'mitmproxy', 1],
      ['har.mitm', HAR, 'har', 0],
      ['bom', `\ufeff\r\n ${HAR}`, 'har', 0],
    ];
    for (const [name, content, format, flows] of files) {
      const recording = await openRecording(folder.file(name, content));
      assert.equal(recording.format, format, name);
      assert.equal(recording.flows.length, flows, name);
      recording.close();
    }
  });

  it('takes an empty file for a recording without flows', async () => {
    const recording = await openRecording(folder.file('empty.har', ''));
    assert.deepEqual([recording.flows.length, recording.format], [0, 'har']);
    assert.match(recording.warnings.join(), /empty\.har: is empty/);
    recording.close();
  });

  it('refuses what is no recording in one line', async () => {
    const cases: Array<[string, RegExp]> = [
      [folder.file('none.har'), /none\.har: no such file/],
      [folder.file('.'), /is a folder/],
      [folder.file('a.txt', 'hello'), /is neither a HAR nor a mitmproxy dump/],
      [folder.file('a.har', 'hello'), /a\.har is no HAR: line 1, column 1/],
      [folder.file('a.har.gz', gzipSync(HAR)), /compressed with gzip; unpack it first/],
      [folder.file('a.zip', 'PK\x03\x04'), /zip archive/],
    ];
    for (const [file, message] of cases) {
      await assert.rejects(openRecording(file), (error: Error) => {
        assert.equal(error.name, 'RecordingError');
        assert.match(error.message, message);
        return !error.message.includes('\n');
      });
    }
  });

  it('tells how far it is', async () => {
    const seen: number[] = [];
    const onProgress = (read: number, total: number): unknown => seen.push(read / total);
    (await openRecording(own('one-form-v21.mitm'), { onProgress })).close();
    assert.equal(seen.at(-1), 1);
  });

  for (const name of [
    'corrupted_gzip_body',
    'event_stream',
    'incomplete_log',
    'successful_log',
    'websocket',
  ]) {
    it(`reads ${name} as a dump and as HAR to the same exchanges, as far as HAR goes`, async function () {
      const dump = await openRecording(peer(this, `${name}.mitm`));
      const har = await openRecording(peer(this, `${name}.har`));
      assert.ok(dump.flows.length > 0);
      assert.deepEqual(har.flows.map(carried), dump.flows.map(carried));
      dump.close();
      har.close();
    });
  }
});

describe('openWriter', () => {
  const folder = new TestFolder();
  after(() => folder.remove());

  async function formatOf(file: string, append: boolean): Promise<string> {
    const writer = openWriter(file, { append });
    writer.append(flowOf('http://a.test/new'));
    writer.close();
    const recording = await openRecording(file);
    recording.close();
    assert.equal(recording.flows.at(-1)!.request.path, '/new');
    return recording.format;
  }

  it('writes our version as the creator, unless told another', () => {
    const [ours, theirs] = [folder.file('ours.har'), folder.file('theirs.har')];
    openWriter(ours, { append: false }).close();
    openWriter(theirs, { append: false, version: '7.7.7' }).close();
    assert.match(
      contentOf(ours).toString(),
      new RegExp(`"creator":\\{"name":"replay-proxy","version":"${VERSION}"`),
    );
    assert.match(contentOf(theirs).toString(), /"version":"7\.7\.7"/);
  });

  it('goes by the name of a new file', async () => {
    for (const name of ['a.mitm', 'a.flow', 'A.DUMP'])
      assert.equal(await formatOf(folder.file(name), false), 'mitmproxy');
    for (const name of ['a.har', 'a.json', 'a'])
      assert.equal(await formatOf(folder.file(name), false), 'har');
    assert.equal(await formatOf(folder.file('a.mitm', HAR), false), 'mitmproxy');
  });

  it('goes by the content of a file that it goes on with', async () => {
    assert.equal(
      await formatOf(folder.file('b.har', contentOf(own('one-form-v21.mitm'))), true),
      'mitmproxy',
    );
    assert.equal(await formatOf(folder.file('b.mitm', HAR), true), 'har');
    assert.equal(await formatOf(folder.file('empty.mitm', ''), true), 'mitmproxy');
    assert.equal(await formatOf(folder.file('empty.har', ''), true), 'har');
    assert.equal(await formatOf(folder.file('new.dump'), true), 'mitmproxy');
  });

  it('overwrites nothing but recordings', () => {
    for (const text of ['dear diary', '{"name":"my-package"}']) {
      const file = folder.file('precious', text);
      for (const append of [true, false]) {
        assert.throws(
          () => openWriter(file, { append }),
          /holds something else than a recording; move it away/,
        );
      }
      assert.equal(contentOf(file).toString(), text);
    }
    const file = folder.file('old.har', HAR);
    openWriter(file, { append: false }).close();
    assert.notEqual(contentOf(file).toString(), HAR);
  });

  it('never writes to a recording that is being read, by whatever name, until that is closed', async () => {
    const foreign = JSON.stringify(JSON.parse(HAR), null, 2);
    const files = [
      folder.file('read.har', HAR.replace('[', '[\n').replace(']', '\n]')),
      folder.file('foreign.har', foreign),
      folder.file('read.mitm', contentOf(own('one-form-v21.mitm'))),
    ];
    for (const file of files) {
      const before = contentOf(file);
      const [first, second] = [await openRecording(file), await openRecording(file)];
      linkSync(file, `${file}.link`);
      first.close();
      for (const append of [true, false])
        for (const name of [file, `${file}.link`]) {
          assert.throws(() => openWriter(name, { append }), {
            name: 'RecordingError',
            message: `recording ${name} cannot be recorded to while it is replayed from; record to another file`,
          });
        }
      assert.deepEqual(contentOf(file), before);
      second.close();
      second.close();
      openWriter(file, { append: true }).close();
    }
  });
});
