import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { closeSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BodySpool } from '../../src/http/body-spool';

describe('BodySpool', () => {
  const folder = mkdtempSync(join(tmpdir(), 'spool-test-'));
  const place = { folder: () => folder, prefix: 'x-', isNamed: false };
  after(() => rmSync(folder, { recursive: true }));

  it('keeps little in memory', async () => {
    const spool = new BodySpool(10, place);
    spool.write(Buffer.from('abc'));
    spool.write(Buffer.from('def'));
    assert.equal(spool.body().kind, 'memory');
    assert.equal(await spool.body().text(), 'abcdef');
    assert.equal(spool.size, 6);
  });

  it('holds chunks of a byte for little more than their bytes', () => {
    const [spool, chunks] = [new BodySpool(3_000_000, place), Buffer.alloc(5_000, '0123456789')];
    const before = process.memoryUsage().heapUsed;
    for (let i = 0; i < 2_000_003; i++) spool.write(chunks.subarray(i % 5_000, (i % 5_000) + 1));
    assert.ok(process.memoryUsage().heapUsed - before < 100_000_000);
    assert.ok(spool.body().bytesSync().equals(Buffer.alloc(2_000_003, '0123456789')));
    spool.write(chunks.subarray(3, 4));
    assert.ok(spool.body().bytesSync().equals(Buffer.alloc(2_000_004, '0123456789')));
  });

  it('reads pieces that pass into one buffer, and others into their own', () => {
    const spool = new BodySpool(10, place);
    const bytes = Buffer.alloc(700_000, 'xyz');
    spool.write(bytes);
    const body = spool.body();
    const memory = (pieces: Iterable<Buffer>) => new Set(Array.from(pieces, ({ buffer }) => buffer)).size;
    assert.deepEqual([memory(body.chunksSync()), memory(body.passingSync())], [3, 1]);
    const passed = Array.from(body.passingSync(), (piece) => Buffer.from(piece));
    assert.ok(Buffer.concat(passed).equals(bytes));
    spool.discard();
  });

  it('puts much into a file that can be read again and again, and leaves nothing behind', async () => {
    const spool = new BodySpool(10, place);
    const bytes = Buffer.alloc(700_000, 'xyz');
    for (let at = 0; at < bytes.length; at += 70_000) spool.write(bytes.subarray(at, at + 70_000));
    const body = spool.body();
    assert.equal(body.kind, 'file');
    assert.equal(body.length, 700_000);
    assert.equal(body.digest(), createHash('sha256').update(bytes).digest('hex'));
    for (let round = 0; round < 2; round++) {
      const chunks: Buffer[] = [];
      for await (const chunk of body.chunks()) chunks.push(chunk);
      assert.ok(chunks.length > 1);
      assert.ok(Buffer.concat(chunks).equals(bytes));
    }
    assert.ok(body.bytesSync().equals(bytes));
    spool.discard();
    spool.discard();
    assert.deepEqual(readdirSync(folder), []);
  });

  it('never reads another file through a descriptor that it let go of', async () => {
    const spool = new BodySpool(10, place);
    spool.write(Buffer.alloc(100, 'mine'));
    const body = spool.body();
    const begun = body.chunks();
    spool.discard();
    const other = join(folder, 'other');
    writeFileSync(other, 'a secret of somebody else'.repeat(10));
    const fd = openSync(other, 'r');
    try {
      const gone = { name: 'ReplayError', code: 'ERR_BODY_GONE', message: /let go of.*read it before/ };
      assert.throws(() => body.bytesSync(), gone);
      await assert.rejects(async () => {
        for await (const _ of begun);
      }, gone);
      assert.throws(() => spool.body(), gone);
      assert.throws(() => spool.write(Buffer.from('more')), gone);
    } finally {
      closeSync(fd);
      rmSync(other);
    }
  });

  it('gives its file another name, and reads on', async () => {
    const named = new BodySpool(10, { ...place, isNamed: true });
    named.write(Buffer.alloc(100, 'kept'));
    const [name] = readdirSync(folder);
    assert.match(name ?? '', /^x-[0-9a-f-]{36}$/);
    const body = named.body();
    const digest = body.moveTo((hash) => join(folder, hash));
    assert.equal(digest, body.digest());
    assert.deepEqual(readdirSync(folder), [digest]);
    assert.equal(await body.text(), 'kept'.repeat(25));
    assert.equal(
      body.moveTo(() => join(folder, 'again')),
      undefined,
    );
    named.discard();
    assert.equal(readFileSync(join(folder, digest!), 'utf8'), 'kept'.repeat(25));
    rmSync(join(folder, digest!));

    const unwanted = new BodySpool(10, { ...place, isNamed: true });
    unwanted.write(Buffer.alloc(100));
    assert.equal(
      unwanted.body().moveTo(() => join(folder, 'no such folder', 'x')),
      undefined,
    );
    unwanted.discard();
    const nameless = new BodySpool(10, place);
    nameless.write(Buffer.alloc(100));
    assert.equal(
      nameless.body().moveTo(() => join(folder, 'x')),
      undefined,
    );
    nameless.discard();
    assert.deepEqual(readdirSync(folder), []);
  });
});
