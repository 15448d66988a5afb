import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Recording } from 'replay-proxy';
import { Sources } from '../../../addons/server-replay/sources';
import { entry } from '../../support/replay';

const URL = 'http://shop.example/';

function har(...texts: string[]): string {
  const entries = texts.map((text) => ({
    startedDateTime: '2024-01-01T00:00:00.000Z',
    time: 1,
    request: {
      method: 'GET',
      url: URL,
      httpVersion: 'HTTP/1.1',
      headers: [],
      queryString: [],
      cookies: [],
      headersSize: -1,
      bodySize: 0,
    },
    response: {
      status: text === '' ? 0 : 200,
      statusText: 'OK',
      httpVersion: 'HTTP/1.1',
      headers: [],
      cookies: [],
      redirectURL: '',
      headersSize: -1,
      bodySize: text.length,
      content: { size: text.length, mimeType: 'text/plain', text },
    },
    cache: {},
    timings: { send: 0, wait: 1, receive: 0 },
  }));
  return JSON.stringify({ log: { version: '1.2', creator: { name: 'test', version: '1' }, entries } });
}

describe('Sources', () => {
  let folder: string;
  let lines: string[];
  let sources: Sources;
  const progress: string[] = [];
  const load = async (from: Parameters<Sources['load']>[0]) => (await sources.load(from)).flows;
  const file = (name: string, content: string) => {
    const path = join(folder, name);
    writeFileSync(path, content);
    return path;
  };

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'replay-proxy-sources-'));
    lines = [];
    sources = new Sources(
      (line) => lines.push(line),
      (read, total, path) => progress.push(`${path} ${read <= total}`),
    );
  });
  afterEach(() => {
    sources.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('are read in the order given, each file once', async () => {
    const [one, two] = [file('one.har', har('a', 'b')), file('two.har', har('c'))];
    const flows = await load([one, two, one]);
    const texts = await Promise.all(flows.map(({ response }) => response!.body.text()));
    assert.deepEqual(texts, ['a', 'b', 'c']);
    const again = await load([two, one]);
    assert.deepEqual(again, [flows[2], flows[0], flows[1]]);
    assert.ok(again[0] === flows[2], 'the same objects');
    assert.ok(progress.every((line) => line.endsWith(' true')));
  });

  it('say what cannot answer', async () => {
    const path = file('shop.har', har('a', ''));
    assert.equal((await load([path])).length, 1);
    assert.deepEqual(
      (await sources.load([path])).unusable.map(({ number }) => number),
      [2],
    );
    assert.deepEqual(lines, [`recording ${path}: 1 of 2 entries cannot answer: 1 without a response (#2)`]);
  });

  it('that are missing or no recording are refused', async () => {
    await assert.rejects(load([join(folder, 'none.har')]), { code: 'ERR_RECORDING' });
    await assert.rejects(load([file('x.har', '{"log"')]), { code: 'ERR_RECORDING' });
  });

  it('that the user opened stay open', async () => {
    let isOpen = true;
    const recording: Recording = {
      path: 'mine.har',
      format: 'har',
      flows: [entry(URL, 'a')],
      warnings: [],
      unreadable: 0,
      close: () => (isOpen = false),
    };
    assert.equal((await load([recording])).length, 1);
    sources.close();
    assert.ok(isOpen);
  });

  it('that were taken out and put back are the same flows, and complain once', async () => {
    const path = file('one.har', har('a', ''));
    const [before] = await load([path]);
    assert.deepEqual(await load([]), []);
    assert.equal(await before!.response!.body.text(), 'a', 'an open flow can need it still');
    const [after] = await load([path]);
    assert.ok(after && after === before);
    assert.equal(lines.length, 1);
  });

  it('that were opened before another could not be are the same flows when that is mended', async () => {
    const path = file('one.har', har('a', ''));
    await assert.rejects(load([path, join(folder, 'two.har')]), { code: 'ERR_RECORDING' });
    assert.equal((await load([path, file('two.har', har('b'))])).length, 2);
    assert.equal(lines.length, 1, 'read once');
  });

  it('of flows in memory are looked at anew when they are put back', async () => {
    const flows = [entry(URL, 'a')];
    await load([flows]);
    await load([]);
    flows.push(entry(URL, 'b'));
    assert.equal((await load([flows])).length, 2);
  });

  it('that were opened here are let go, and opened anew when they are asked for again', async () => {
    const path = file('one.har', har('a'));
    const [before] = await load([path]);
    sources.close();
    const [after] = await load([path]);
    assert.ok(after && after !== before);
  });
});
