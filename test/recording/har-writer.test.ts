import assert from 'node:assert/strict';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { RecordingError } from '../../src/errors';
import { Body } from '../../src/http/body';
import type { HttpRequest } from '../../src/http/request';
import { HttpResponse } from '../../src/http/response';
import { openHar } from '../../src/recording/har-reader';
import { openHarWriter } from '../../src/recording/har-writer';
import { flow, scratch } from './har-samples';

interface HarFile {
  log: {
    version: string;
    creator: { name: string };
    _replay: { sealed: boolean };
    entries: { request: { url: string } }[];
  };
}

const parse = (path: string): HarFile => JSON.parse(readFileSync(path, 'utf8')) as HarFile;
const urls = (path: string): string[] => parse(path).log.entries.map((e) => e.request.url);

describe('openHarWriter', () => {
  const at = scratch();
  const open = (path: string, append = false) => openHarWriter(path, { append, version: '1.2.3' });

  it('leaves a complete HAR, one entry a line, after every exchange', () => {
    const path = at('complete.har');
    const writer = open(path);
    assert.deepEqual(parse(path).log.entries, []);
    for (let n = 1; n <= 3; n++) {
      writer.append(flow(`http://h/${n}`));
      assert.equal(parse(path).log.entries.length, n);
      assert.equal(readFileSync(path, 'utf8').split('\n').length, n + 3);
    }
    assert.equal(parse(path).log._replay.sealed, false);
    writer.close();
    assert.equal(parse(path).log._replay.sealed, true);
    assert.deepEqual(urls(path), ['http://h/1', 'http://h/2', 'http://h/3']);
    writer.close();
    assert.throws(() => writer.append(flow('http://h/4')), /is closed/);
  });

  it('keeps recordings to their owner, and truncates', () => {
    const path = at('mode.har');
    writeFileSync(path, 'x'.repeat(5000));
    chmodSync(path, 0o644);
    const writer = open(path);
    writer.append(flow('http://h/', { response: new HttpResponse({ body: 'b'.repeat(2 ** 20 + 1) }) }));
    writer.close();
    assert.equal(statSync(path).mode & 0o777, 0o600);
    assert.equal(statSync(`${path}.bodies`).mode & 0o777, 0o700);
    const file = (parse(path).log.entries[0] as unknown as { response: { content: { _file: string } } })
      .response.content;
    assert.equal(statSync(at(file._file)).mode & 0o777, 0o600);
    assert.deepEqual(urls(path), ['http://h/']);
    open(path).close();
    assert.equal(existsSync(at(file._file)), false);
    assert.equal(existsSync(`${path}.lock`), false);
  });

  it('goes on with a recording and unseals it meanwhile', () => {
    const path = at('append.har');
    for (const n of [1, 2, 3]) {
      const writer = open(path, true);
      assert.deepEqual(writer.warnings, []);
      assert.equal(parse(path).log._replay.sealed, false);
      writer.append(flow(`http://h/${n}`));
      writer.close();
    }
    assert.deepEqual(urls(path), ['http://h/1', 'http://h/2', 'http://h/3']);
  });

  it('goes on with an empty file as with none', () => {
    const path = at('zero.har');
    writeFileSync(path, '');
    const writer = open(path, true);
    writer.append(flow('http://h/'));
    writer.close();
    assert.deepEqual(urls(path), ['http://h/']);
  });

  it('drops a torn last entry with a word and goes on, wherever it was cut', async () => {
    const path = at('torn.har');
    const writer = open(path);
    writer.append(flow('http://h/1'));
    const whole = statSync(path).size - 5;
    writer.append(flow('http://h/2'));
    writer.close();
    const bytes = readFileSync(path);
    for (let cut = whole; cut < bytes.length; cut += 7) {
      writeFileSync(path, bytes.subarray(0, cut));
      const seen = await openHar(path);
      const count = seen.flows.length;
      assert.equal(seen.flows[0]?.response?.body.bytesSync().toString(), 'answer to http://h/1');
      seen.close();
      const again = open(path, true);
      assert.equal(
        again.warnings.length,
        seen.warnings.length,
        `cut at ${cut}: ${again.warnings} / ${seen.warnings}`,
      );
      again.append(flow('http://h/3'));
      again.close();
      assert.deepEqual(
        urls(path),
        count === 2 ? ['http://h/1', 'http://h/2', 'http://h/3'] : ['http://h/1', 'http://h/3'],
      );
      for (const warning of again.warnings)
        assert.match(warning, /the last entry was cut off, as by a killed writer; its \d+ bytes are dropped/);
    }
  });

  it('keeps a broken line of a closed file when it goes on', async () => {
    const path = at('hand.har');
    const writer = open(path);
    writer.append(flow('http://h/1'));
    writer.append(flow('http://h/2'));
    writer.close();
    writeFileSync(path, readFileSync(path, 'utf8').replace('"url":"http://h/2"', '"url":oops'));
    const again = open(path, true);
    again.append(flow('http://h/3'));
    again.close();
    assert.match(readFileSync(path, 'utf8'), /"url":oops/);
    const recording = await openHar(path);
    assert.deepEqual(
      recording.flows.map((f) => f.request.path),
      ['/1', '/3'],
    );
    recording.close();
  });

  it('cuts the file back to the last whole entry when the disk is full', async () => {
    const path = at('full.har');
    let room = Infinity;
    const write = (fd: number, bytes: Buffer, offset: number, length: number, position: number): number => {
      if (room === 0)
        throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
      const some = Math.min(room, length);
      room -= some;
      return writeSync(fd, bytes, offset, some, position);
    };
    const writer = openHarWriter(path, { append: false, version: '0', write });
    writer.append(flow('http://h/1'));
    for (room of [0, 1, 100]) {
      assert.throws(
        () => writer.append(flow('http://h/2')),
        (error: Error) =>
          error instanceof RecordingError &&
          /full\.har: .*\(no space left\); the file ends with the flow before/.test(error.message),
      );
      assert.deepEqual(urls(path), ['http://h/1']);
    }
    room = Infinity;
    writer.append(flow('http://h/3'));
    writer.close();
    assert.deepEqual(urls(path), ['http://h/1', 'http://h/3']);
  });

  it('leaves a flow out that cannot be written, and goes on', () => {
    const path = at('bad-flow.har');
    const writer = open(path);
    writer.append(flow('http://h/1'));
    const before = readFileSync(path, 'utf8');
    const gone = flow('http://h/2');
    gone.request.body = Body.file({ length: 4, read: () => assert.fail('gone') });
    for (const bad of [gone, { ...flow('http://h/2'), request: {} as HttpRequest }]) {
      assert.throws(() => writer.append(bad), {
        code: 'ERR_RECORDING_FLOW',
        message: /bad-flow\.har: this flow cannot be recorded \(.+\); it is left out, others are not/,
      });
      assert.equal(readFileSync(path, 'utf8'), before);
    }
    writer.append(flow('http://h/3'));
    writer.close();
    assert.deepEqual(urls(path), ['http://h/1', 'http://h/3']);
  });

  it('writes on when the system takes less than all at once', () => {
    const path = at('short.har');
    const write = (fd: number, bytes: Buffer, offset: number, length: number, position: number): number =>
      writeSync(fd, bytes, offset, Math.min(length, 10), position);
    const writer = openHarWriter(path, { append: false, version: '0', write });
    writer.append(flow('http://h/1'));
    writer.close();
    assert.deepEqual(urls(path), ['http://h/1']);
  });

  it('refuses what it cannot write, and leaves it as it was', () => {
    const path = at('no.har');
    writeFileSync(path, '{"log": nonsense');
    assert.throws(() => open(path, true), /no\.har is no HAR: line 1, column 9/);
    assert.equal(readFileSync(path, 'utf8'), '{"log": nonsense');
    assert.equal(existsSync(`${path}.lock`), false);
    mkdirSync(at('folder.har'));
    assert.throws(() => open(at('folder.har')), /is no regular file/);
    assert.throws(() => open(at('none/x.har')), /cannot be written/);
  });

  it('lets one process write a file, by whatever name', () => {
    const path = at('one.har');
    const writer = open(path);
    symlinkSync(path, at('link.har'));
    for (const name of [path, at('link.har')]) {
      assert.throws(() => open(name), new RegExp(`is being written by process ${process.pid}`));
    }
    writer.close();
    open(at('link.har'), true).close();
  });

  it('writes through a link without replacing it', () => {
    mkdirSync(at('real'));
    writeFileSync(at('real/x.har'), JSON.stringify({ log: { version: '1.2', entries: [] } }));
    symlinkSync(at('real/x.har'), at('alias.har'));
    const writer = open(at('alias.har'), true);
    writer.append(flow('http://h/', { response: new HttpResponse({ body: 'b'.repeat(2 ** 20 + 1) }) }));
    writer.close();
    assert.deepEqual(urls(join(at('real'), 'x.har')), ['http://h/']);
    assert.ok(existsSync(at('real/x.har.bodies')));
  });

  it('keeps a spooled body without copying it, and decodes no more than it is told', async () => {
    const path = at('spooled.har');
    const writer = openHarWriter(path, { append: false, decodedBody: 100 });
    const spool = writer.spool(10);
    spool.write(Buffer.alloc(2 ** 21, 'spooled '));
    const { request } = flow('http://h/');
    const long = new HttpResponse({ body: spool.body() });
    writer.append({ source: path, number: 1, request, response: long });
    spool.discard();
    for (const size of [100, 101]) {
      const response = new HttpResponse({
        headers: { 'content-encoding': 'gzip' },
        body: gzipSync(Buffer.alloc(size, 'x')),
      });
      writer.append({ source: path, number: 2, request, response });
    }
    writer.close();
    const entries = parse(path).log.entries as unknown as { response: { content: Record<string, string> } }[];
    assert.match(entries[0]!.response.content['_file']!, /^spooled\.har\.bodies\/[0-9a-f]{64}$/);
    assert.equal(entries[1]!.response.content['text'], 'x'.repeat(100));
    assert.equal(entries[2]!.response.content['encoding'], 'base64');
    const { flows, close } = await openHar(path);
    assert.equal(flows[0]?.response?.body.digest(), Body.from(Buffer.alloc(2 ** 21, 'spooled ')).digest());
    assert.equal(flows[2]?.response?.headers.get('content-encoding'), 'gzip');
    close();
  });
});
