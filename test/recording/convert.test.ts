import assert from 'node:assert/strict';
import { existsSync, linkSync, readdirSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { convertRecording } from '../../src/recording/convert';
import { openRecording } from '../../src/recording/open-recording';
import { openMitmproxyWriter } from '../../src/recording/mitmproxy-writer';
import { contentOf, exchange, flowOf, own, ownDumps, TestFolder } from '../support/dumps';

// Fields for the proxy itself (Proxy-Connection) are not written again.
async function exchanges(file: string): Promise<unknown[]> {
  const recording = await openRecording(file);
  const found = recording.flows.map(({ request, ...rest }) => {
    const kept = request.clone();
    kept.headers.delete('proxy-connection');
    return exchange({ ...rest, request: kept });
  });
  recording.close();
  return found;
}

describe('convertRecording', () => {
  const folder = new TestFolder();
  after(() => folder.remove());

  it('changes flows on the way', async () => {
    const to = folder.file('changed.har');
    await convertRecording(own(ownDumps()[0]!), to, {
      change: (flow) => {
        const request = flow.request.clone();
        request.path = '/changed';
        return { ...flow, request };
      },
    });
    const { flows } = await openRecording(to);
    assert.ok(flows.length > 0 && flows.every(({ request }) => request.path === '/changed'));
  });

  for (const name of ownDumps().filter((dump) => dump.endsWith('-v17.mitm'))) {
    it(`takes ${name} to HAR and back, and to a newer dump, without loss`, async () => {
      const [har, back, newer] = ['har', 'mitm', 'flow'].map((end) => folder.file(`${name}.${end}`)) as [
        string,
        string,
        string,
      ];
      const before = await exchanges(own(name));
      const done = await convertRecording(own(name), har);
      assert.deepEqual(done, { flows: before.length, warnings: [], unreadable: 0 });
      await convertRecording(har, back);
      await convertRecording(own(name), newer);
      assert.deepEqual(await exchanges(har), before);
      assert.deepEqual(await exchanges(back), before);
      assert.deepEqual(await exchanges(newer), before);
    });
  }

  it('takes large bodies along', async () => {
    const dump = folder.file('large.mitm');
    const writer = openMitmproxyWriter(dump, { append: false });
    writer.append(flowOf('http://a.test/', 'x'.repeat(2_000_000)));
    writer.close();
    const har = folder.file('large.har');
    await convertRecording(dump, har);
    const { flows, close } = await openRecording(har);
    assert.equal((await flows[0]!.response!.body.bytes()).length, 2_000_000);
    close();
  });

  it('never replaces a file, least of all its source', async () => {
    const from = folder.file('from.mitm', contentOf(own('one-form-v17.mitm')));
    linkSync(from, folder.file('hard.mitm'));
    symlinkSync(from, folder.file('soft.mitm'));
    for (const to of [from, folder.file('hard.mitm'), folder.file('soft.mitm')]) {
      await assert.rejects(convertRecording(from, to), {
        name: 'RecordingError',
        message: /is the one to convert/,
      });
    }
    const there = folder.file('there.har', 'precious');
    await assert.rejects(convertRecording(from, there), /is there already; delete it or name another/);
    assert.equal(contentOf(there).toString(), 'precious');
  });

  it('leaves nothing behind when it fails', async () => {
    const bad = folder.file('bad.mitm', 'hello');
    const to = folder.file('out.har');
    await assert.rejects(convertRecording(bad, to), /neither a HAR nor/);
    await assert.rejects(
      convertRecording(own('one-form-v17.mitm'), folder.file('none/out.har')),
      /cannot be written/,
    );
    await convertRecording(own('one-form-v17.mitm'), to);
    assert.ok(existsSync(to));
    assert.deepEqual(
      readdirSync(path.dirname(to)).filter((name) => name.startsWith('.')),
      [],
    );
  });

  it('passes on what the source has to say', async () => {
    const torn = folder.file('torn.mitm', contentOf(own('regular-https-v21.mitm')).subarray(0, -10));
    const { flows, warnings } = await convertRecording(torn, folder.file('torn.har'));
    assert.equal(flows, 1);
    assert.match(warnings.join(), /cut-off record; dropped/);
  });
});
