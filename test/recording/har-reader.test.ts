import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { RecordingError } from '../../src/errors';
import { decodeContent } from '../../src/http/content-coding';
import { openHar } from '../../src/recording/har-reader';
import { openHarWriter } from '../../src/recording/har-writer';
import { entry, fixtures, flow, openForeign, scratch, shared } from './har-samples';

interface Expected {
  request: { method: string; scheme: string; host: string; port: number; path: string };
  response: { status_code: number; contentHash: string; contentLength: number };
}

describe('openHar', () => {
  const at = scratch();

  for (const name of ['shop-embedded.har', 'shop-attached/chromium-attach.har']) {
    it(`reads what Chromium recorded (${name})`, async () => {
      const recording = await openHar(join(fixtures, 'chromium', name));
      assert.deepEqual(recording.warnings, []);
      assert.equal(recording.flows.length, 11);
      const [page, , png, script, , cart] = recording.flows;
      assert.equal(page?.request.url, 'http://127.0.0.1:8123/');
      assert.match(page?.response?.body.bytesSync().toString() ?? '', /^<!doctype html><title>Shop/);
      assert.equal(page?.response?.headers.getAll('set-cookie').length, 3);
      assert.equal(png?.response?.body.bytesSync().subarray(1, 4).toString(), 'PNG');
      assert.match(cart?.request.body.bytesSync().toString() ?? '', /^\{"id":1,"at":\d+\}$/);
      // The body is no longer gzip, so neither is what the headers say.
      assert.equal(script?.response?.body.length, 382);
      assert.equal(script?.response?.headers.has('content-encoding'), false);
      assert.equal(script?.response?.headers.has('content-length'), false);
      // The browser did not keep these.
      assert.deepEqual(recording.flows[9]?.unstored, { request: true, response: true });
      assert.deepEqual(recording.flows[10]?.unstored, { response: true });
      recording.close();
    });
  }

  describe('recordings beside the project (skipped where they are not)', () => {
    const folder = join(shared, 'peers/har');
    for (const name of ['charles', 'chrome', 'postdata']) {
      it(`${name}.har has the exchanges of ${name}.expected.json`, async function () {
        if (!existsSync(folder)) return this.skip();
        const expected = JSON.parse(
          readFileSync(join(folder, `${name}.expected.json`), 'utf8'),
        ) as Expected[];
        const recording = await openHar(join(folder, `${name}.har`));
        assert.equal(recording.flows.length, expected.length);
        for (const [i, { request, response }] of expected.entries()) {
          const one = recording.flows[i]!;
          const { method, scheme, host, port, path } = one.request;
          assert.deepEqual(
            { method, scheme, host, port, path },
            {
              method: request.method,
              scheme: request.scheme,
              host: request.host,
              port: request.port,
              path: request.path,
            },
          );
          assert.equal(one.response?.status ?? 0, response.status_code);
          const bytes = one.response?.body.bytesSync() ?? Buffer.alloc(0);
          const decoded = decodeContent(bytes, one.response?.headers.get('content-encoding'));
          assert.equal(decoded.length, response.contentLength);
          assert.equal(createHash('sha256').update(decoded).digest('hex'), response.contentHash);
        }
      });
    }

    it('every other HAR loads or is refused with its place', async function () {
      if (!existsSync(shared)) return this.skip();
      for (const dir of ['peers/har', 'peers/mitmproxy'].map((d) => join(shared, d))) {
        for (const name of readdirSync(dir).filter((n) => /\.har$|broken/.test(n))) {
          if (name.startsWith('corrupted-')) {
            await assert.rejects(openHar(join(dir, name)), { message: /is no HAR: line \d+, column \d+: / });
          } else {
            const recording = await openHar(join(dir, name));
            assert.deepEqual(recording.warnings, [], name);
            assert.ok(recording.flows.length > 0);
          }
        }
      }
    });
  });

  it('keeps still-coded bytes that a tool could not decode', async () => {
    const bytes = Buffer.from('1f8b0800000000000003213e123343', 'hex');
    const headers = [
      { name: 'Content-Encoding', value: 'gzip' },
      { name: 'Content-Length', value: String(bytes.length) },
    ];
    const content = { size: bytes.length, text: bytes.toString('base64'), encoding: 'base64' };
    const { flows } = await openForeign(at('coded.har'), entry({ response: { headers, content } }));
    assert.equal(flows[0]?.response?.headers.get('content-encoding'), 'gzip');
    assert.deepEqual(flows[0]?.response?.body.bytesSync(), bytes);
  });

  it('takes times from startedDateTime and the non-negative timings', async () => {
    const timings = { blocked: 2, dns: -1, connect: 10, ssl: 8, send: 1, wait: 30, receive: 4 };
    const { flows } = await openForeign(at('times.har'), entry({ timings }), entry({ timings: undefined }));
    const started = Date.parse('2026-01-02T03:04:05.678Z');
    assert.equal(flows[0]?.request.startedAt, started);
    assert.equal(flows[0]?.response?.startedAt, started + 43);
    assert.equal(flows[0]?.response?.endedAt, started + 47);
    assert.equal(flows[1]?.response?.startedAt, started);
  });

  it('names a bad entry with its line, skips it and keeps the others', async () => {
    const bad = entry();
    delete (bad as { request?: unknown }).request;
    const path = at('bad.har');
    const { flows, warnings } = await openForeign(path, entry(), bad, entry());
    assert.deepEqual(
      flows.map((f) => f.number),
      [1, 3],
    );
    assert.equal(warnings.length, 1);
    assert.match(
      warnings[0]!,
      /^recording .*bad\.har: entry 2 \(line \d+\) is no HAR entry \(missing "request"\); skipped; fix or delete the line$/,
    );
  });

  it('names a broken line of our own layout and keeps the others', async () => {
    const path = at('broken-line.har');
    const writer = openHarWriter(path, { append: false, version: '0' });
    for (const n of [1, 2, 3]) writer.append(flow(`http://h/${n}`));
    writer.close();
    const lines = readFileSync(path, 'utf8').split('\n');
    lines[2] = lines[2]!.replace('"request":', '"request"');
    writeFileSync(path, lines.join('\n'));
    const recording = await openHar(path);
    assert.deepEqual(
      recording.flows.map((f) => f.request.path),
      ['/1', '/3'],
    );
    assert.equal(recording.flows[1]?.response?.body.bytesSync().toString(), 'answer to http://h/3');
    assert.match(recording.warnings[0]!, /entry 2 \(line 3\) is no HAR entry/);
    assert.equal(recording.warnings.length, 1);
    recording.close();
    // "Delete the line", also when it was the last one and leaves a comma behind.
    writeFileSync(path, lines.filter((_, i) => i !== 2 && i !== 3).join('\n'));
    const rest = await openHar(path);
    assert.deepEqual([rest.flows.length, rest.warnings.length], [1, 0]);
    rest.close();
  });

  it('says how far it is, and lets others run meanwhile', async () => {
    const path = at('long.har');
    const writer = openHarWriter(path, { append: false, version: '0' });
    const response = flow('http://h/').response!.clone();
    for (let n = 0; n < 3000; n++) writer.append(flow(`http://h/${n}?${'q'.repeat(1000)}`, { response }));
    writer.close();
    const seen: number[] = [];
    let turns = 0;
    const timer = setImmediate(function turn() {
      turns++;
      if (seen.at(-1) !== 1) setImmediate(turn);
    });
    const recording = await openHar(path, { onProgress: (read, total) => seen.push(read / total) });
    clearImmediate(timer);
    recording.close();
    assert.equal(seen.at(-1), 1);
    assert.deepEqual(
      seen,
      [...seen].sort((a, b) => a - b),
    );
    assert.ok(seen.length > 2 && turns > 2);
  });

  it('refuses what is no HAR, in one line', async () => {
    const cases: [name: string, content: string | Buffer, message: RegExp][] = [
      ['empty', '', /the file is empty \(line 1, column 1\)/],
      ['list', '[]', /line 1, column 1: no object with a list "log\.entries"/],
      ['proto', '{"__proto__":{"log":{"entries":[]}}}', /no object with a list "log\.entries"/],
      ['comma', '{"log": {\n  "entries": [,]}}', /line 2, column 15: , where a value or \] should be/],
      ['cut', '{"log":{"version":"1.2","entries":[{"a":1', /line 1, column 42: the text ends too early/],
      ['deep', '['.repeat(200_000), /line 1, column 200001: the text ends too early/],
      ['zip', Buffer.from('PK\x03\x04'), /it is a zip archive; unpack it/],
      ['binary', Buffer.from([0, 1, 2, 255]), /line 1, column 1: character U\+0000 where a value should be/],
    ];
    for (const [name, content, message] of cases) {
      writeFileSync(at(name), content);
      await assert.rejects(openHar(at(name)), (error: Error) => {
        assert.ok(error instanceof RecordingError);
        assert.match(error.message, message);
        assert.doesNotMatch(error.message, /\n/);
        return true;
      });
    }
    await assert.rejects(openHar(at('nowhere')), /nowhere: no such file/);
    await assert.rejects(openHar(at('.')), /is a folder/);
  });

  it('no body can be read after close', async () => {
    const path = at('closed.har');
    const writer = openHarWriter(path, { append: false, version: '0' });
    writer.append(flow('http://h/'));
    writer.close();
    const recording = await openHar(path);
    recording.close();
    recording.close();
    assert.throws(() => recording.flows[0]?.response?.body.bytesSync(), /was closed/);
  });

  it('loads 20,000 entries (time and memory are printed)', async function () {
    this.timeout(60_000);
    const path = at('many.har');
    const writer = openHarWriter(path, { append: false, version: '0' });
    const { request, response } = flow('http://h/');
    for (let n = 0; n < 20_000; n++) {
      const one = request.clone();
      one.path = `/item/${n}`;
      writer.append(flow('http://h/', { request: one, response: response! }));
    }
    writer.close();
    const started = performance.now();
    const recording = await openHar(path);
    const took = performance.now() - started;
    recording.close();
    assert.equal(recording.flows.length, 20_000);
    const memory = process.memoryUsage().rss / 2 ** 20;
    console.log(`        20,000 entries in ${took.toFixed(0)} ms, ${memory.toFixed(0)} MiB RSS`);
  });
});
