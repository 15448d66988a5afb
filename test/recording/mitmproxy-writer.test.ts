import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { appendFileSync, chmodSync, existsSync, statSync, truncateSync, writeSync } from 'node:fs';
import { once } from 'node:events';
import path from 'node:path';
import { Body } from '../../src/http/body';
import type { HttpResponse } from '../../src/http/response';
import { openMitmproxy } from '../../src/recording/mitmproxy-reader';
import { openMitmproxyWriter } from '../../src/recording/mitmproxy-writer';
import type { RecordedFlow } from '../../src/recording/recorded-flow';
import { contentOf, flowOf, own, TestFolder } from '../support/dumps';

const ROOT = path.resolve(__dirname, '../..');

async function paths(file: string): Promise<string[]> {
  const recording = await openMitmproxy(file);
  recording.close();
  assert.deepEqual(recording.warnings, []);
  return recording.flows.map((flow) => flow.request.path);
}

describe('openMitmproxyWriter', () => {
  const folder = new TestFolder();
  after(() => folder.remove());

  it('has every flow on disk when append returns, for its owner only', async () => {
    const file = folder.file('a.mitm', 'old');
    chmodSync(file, 0o644);
    const writer = openMitmproxyWriter(file, { append: false });
    assert.equal(statSync(file).mode & 0o777, 0o600);
    for (const one of ['/1', '/2']) {
      writer.append(flowOf(`http://a.test${one}`));
      assert.equal((await paths(file)).at(-1), one);
    }
    writer.close();
    writer.close();
    assert.throws(() => writer.append(flowOf('http://a.test/')), {
      name: 'RecordingError',
      message: /is closed/,
    });
  });

  it('goes on behind a dump of any version, an empty file, and one that is not there', async () => {
    const files = [
      folder.file('old.mitm', contentOf(own('one-form-v17.mitm'))),
      folder.file('empty.mitm', ''),
      folder.file('new.mitm'),
    ];
    for (const file of files) {
      const before = existsSync(file) && statSync(file).size > 0 ? (await paths(file)).length : 0;
      const writer = openMitmproxyWriter(file, { append: true });
      writer.append(flowOf('http://a.test/more'));
      writer.close();
      assert.deepEqual(writer.warnings, []);
      assert.deepEqual((await paths(file)).slice(before), ['/more']);
    }
  });

  it('cuts a torn record off before it goes on, and says so', async () => {
    const file = folder.file('torn.mitm');
    let writer = openMitmproxyWriter(file, { append: false });
    writer.append(flowOf('http://a.test/1'));
    const first = statSync(file).size;
    writer.append(flowOf('http://a.test/2'));
    writer.close();
    const whole = statSync(file).size;
    for (const size of [first + 1, first + 30, whole - 1, 1, 5, 20, first - 1]) {
      truncateSync(file, size);
      writer = openMitmproxyWriter(file, { append: true });
      assert.match(
        writer.warnings.join(),
        new RegExp(`the last ${size > first ? size - first : size} bytes are a cut-off record`),
      );
      writer.append(flowOf('http://a.test/1'));
      writer.append(flowOf('http://a.test/3'));
      writer.close();
      assert.equal((await paths(file)).at(-1), '/3');
    }
  });

  it('never writes behind what is no dump', () => {
    for (const content of ['hello', '{"log":{"entries":[]}}', '2024: a diary', '5:hello,', '99:notes']) {
      const file = folder.file('diary.mitm', content);
      const open = (): unknown => openMitmproxyWriter(file, { append: true });
      assert.throws(
        open,
        { name: 'RecordingError', message: /is no mitmproxy dump; record into another file/ },
        content,
      );
      assert.equal(contentOf(file).toString(), content);
    }
    const file = folder.file('tail.mitm', contentOf(own('one-form-v21.mitm')));
    appendFileSync(file, 'garbage');
    assert.throws(
      () => openMitmproxyWriter(file, { append: true }),
      /what follows byte 1875 is no mitmproxy dump/,
    );
  });

  it('cuts back to the last whole record when the disk is full', async () => {
    const file = folder.file('full.mitm');
    let room = Infinity;
    const writer = openMitmproxyWriter(file, {
      append: false,
      write: (fd, bytes, offset, length, position) => {
        if (room <= 0) throw new Error('ENOSPC: no space left on device');
        const written = writeSync(fd, bytes, offset, Math.min(length, room), position);
        room -= written;
        return written;
      },
    });
    writer.append(flowOf('http://a.test/1'));
    room = 100;
    const failing = (): void => writer.append(flowOf('http://a.test/2'));
    assert.throws(failing, { name: 'RecordingError', message: /ENOSPC.*the file ends with the flow before/ });
    assert.deepEqual(await paths(file), ['/1']);
    room = Infinity;
    writer.append(flowOf('http://a.test/3'));
    writer.close();
    assert.deepEqual(await paths(file), ['/1', '/3']);
  });

  it('leaves a flow out that cannot be written, and goes on', async () => {
    const file = folder.file('bad-flow.mitm');
    const writer = openMitmproxyWriter(file, { append: false });
    writer.append(flowOf('http://a.test/1'));
    const bad = flowOf('http://a.test/2', 'x', { response: {} as HttpResponse });
    assert.throws(() => writer.append(bad), {
      code: 'ERR_RECORDING_FLOW',
      message: /this flow cannot be recorded/,
    });
    writer.append(flowOf('http://a.test/3'));
    writer.close();
    assert.deepEqual(await paths(file), ['/1', '/3']);
  });

  it('writes large bodies piece by piece, or not at all', async () => {
    const file = folder.file('large.mitm');
    const whole = Buffer.alloc(3_000_000, 'abc');
    const large = (readable: number): RecordedFlow => {
      const flow = flowOf(`http://a.test/${readable}`);
      flow.response!.body = Body.file({
        length: whole.length,
        read: () => assert.fail('read at once'),
        slice: (offset, length) =>
          offset < readable ? whole.subarray(offset, offset + length) : assert.fail('gone'),
      });
      return flow;
    };
    const writer = openMitmproxyWriter(file, { append: false });
    writer.append(flowOf('http://a.test/1'));
    assert.throws(() => writer.append(large(2_000_000)), { code: 'ERR_RECORDING_FLOW', message: /gone/ });
    assert.deepEqual(await paths(file), ['/1']);
    writer.append(large(3_000_000));
    writer.append(flowOf('http://a.test/2'));
    writer.close();
    assert.deepEqual(await paths(file), ['/1', '/3000000', '/2']);
    const { flows, close } = await openMitmproxy(file);
    assert.ok(flows[1]!.response!.body.bytesSync().equals(whole));
    close();
  });

  it('refuses a file that another writer has, and a folder', () => {
    const file = folder.file('busy.mitm');
    const writer = openMitmproxyWriter(file, { append: false });
    assert.throws(() => openMitmproxyWriter(file, { append: true }), {
      name: 'RecordingError',
      message: /being written/,
    });
    writer.close();
    openMitmproxyWriter(file, { append: true }).close();
    assert.throws(() => openMitmproxyWriter(ROOT, { append: false }), /no regular file/);
    assert.throws(
      () => openMitmproxyWriter(folder.file('none/a.mitm'), { append: false }),
      /cannot be written/,
    );
  });

  it('loses nothing to kill -9, and goes on', async () => {
    const file = folder.file('killed.mitm');
    const script = `
      const { openMitmproxyWriter } = require('./src/recording/mitmproxy-writer');
      const { flowOf } = require('./test/support/dumps');
      const writer = openMitmproxyWriter(process.argv[1], { append: true });
      for (let i = 0; ; i++) {
        writer.append(flowOf('http://a.test/' + i, 'x'.repeat(50_000)));
        require('node:fs').writeSync(1, i + '\\n');
      }`;
    let told = 0;
    for (let round = 0; round < 3; round++) {
      const child = spawn(process.execPath, ['-r', 'ts-node/register/transpile-only', '-e', script, file], {
        cwd: ROOT,
      });
      let said = '';
      child.stdout.setEncoding('latin1').on('data', (text: string) => {
        said += text;
        if (said.length > 40 * (round + 1)) child.kill('SIGKILL');
      });
      await once(child, 'close');
      told += said.split('\n').length - 1;
      const { flows, close } = await openMitmproxy(file);
      assert.ok(told > 0 && flows.length >= told, `${told} told, ${flows.length} read`);
      assert.equal(flows.at(-1)!.response!.body.bytesSync().length, 50_000);
      told = flows.length;
      close();
    }
  });

  it('writes what mitmproxy reads, where mitmproxy is at hand', async function () {
    const { stdout: version } = spawnSync('mitmdump', ['--version'], { encoding: 'utf8' });
    if (Number(/Mitmproxy: (\d+)/.exec(version ?? '')?.[1] ?? 0) < 11) {
      console.log('      skipped: no mitmdump of version 11 or later on this machine');
      return this.skip();
    }
    const file = folder.file('theirs.mitm');
    const writer = openMitmproxyWriter(file, { append: false });
    writer.append(flowOf('http://a.test/theirs'));
    writer.close();
    const { stdout } = spawnSync('mitmdump', ['-n', '-r', file], { encoding: 'utf8' });
    assert.match(stdout, /GET http:\/\/a\.test\/theirs/);
  });
});
