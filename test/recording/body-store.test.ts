import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { Body } from '../../src/http/body';
import { BodyStore } from '../../src/recording/body-store';
import { scratch } from './har-samples';

describe('BodyStore', () => {
  const at = scratch();

  it('keeps equal bodies once, for their owner only', () => {
    const store = new BodyStore(at('.'), 'x.har');
    const { name, digest } = store.put(Body.from('body'));
    assert.deepEqual(store.put(Body.from('body')), { name, digest });
    assert.equal(digest, Body.from('body').digest());
    assert.match(name, /^x\.har\.bodies\/[0-9a-f]{64}$/);
    assert.equal(readFileSync(at(name), 'utf8'), 'body');
    assert.equal(statSync(at(name)).mode & 0o777, 0o600);
    assert.deepEqual(readdirSync(at('x.har.bodies')).length, 1);
  });

  it('copies piece by piece, and leaves nothing of what could not be read', () => {
    const store = new BodyStore(at('.'), 'w.har');
    const whole = Buffer.alloc(600_000, 'abc');
    const sizes: number[] = [];
    const body = (most: number): Body =>
      Body.file({
        length: whole.length,
        read: () => assert.fail('read at once'),
        slice: (offset, length) => {
          if (offset > most) throw new Error('gone');
          sizes.push(length);
          return whole.subarray(offset, offset + length);
        },
      });
    const { name, digest } = store.put(body(Infinity));
    assert.ok(readFileSync(at(name)).equals(whole));
    assert.equal(digest, Body.from(whole).digest());
    assert.ok(sizes.length > 1);
    assert.throws(() => store.put(body(300_000)), /gone/);
    assert.deepEqual(readdirSync(at('w.har.bodies')), [digest]);
  });

  it('begins over what a killed writer left', () => {
    const store = new BodyStore(at('.'), 'v.har');
    const { digest } = store.put(Body.from('first'));
    writeFileSync(at('v.har.bodies/incomplete'), 'half of somethi');
    const second = store.put(Body.from('second'));
    assert.deepEqual(readdirSync(at('v.har.bodies')).sort(), [digest, second.digest].sort());
    writeFileSync(at('v.har.bodies/incomplete'), 'half of somethi');
    store.clear();
    assert.deepEqual(readdirSync(at('v.har.bodies')), []);
  });

  it('clears bodies and nothing else', () => {
    const store = new BodyStore(at('.'), 'y.har');
    store.clear();
    store.put(Body.from('body'));
    writeFileSync(at('y.har.bodies/notes.txt'), 'mine');
    store.clear();
    assert.deepEqual(readdirSync(at('y.har.bodies')), ['notes.txt']);
  });

  it('follows no link to another place', () => {
    symlinkSync(at('x.har.bodies'), at('z.har.bodies'));
    const store = new BodyStore(at('.'), 'z.har');
    assert.throws(() => store.put(Body.from('x')), /is no folder|EEXIST/);
    store.clear();
    assert.equal(readdirSync(at('x.har.bodies')).length, 1);
  });

  it('takes what was spooled here without copying it', () => {
    const store = new BodyStore(at('.'), 's.har');
    const spool = store.spool(3);
    spool.write(Buffer.from('a body'));
    const [temporary] = readdirSync(at('s.har.bodies'));
    const { ino } = statSync(at(`s.har.bodies/${temporary}`));
    const { name, digest } = store.put(spool.body());
    spool.discard();
    assert.equal(digest, Body.from('a body').digest());
    assert.deepEqual(readdirSync(at('s.har.bodies')), [digest]);
    assert.deepEqual([statSync(at(name)).ino, statSync(at(name)).mode & 0o777], [ino, 0o600]);
  });

  it('takes away what a killed writer left unfinished', () => {
    const store = new BodyStore(at('.'), 'k.har');
    store.tidy();
    const { digest } = store.put(Body.from('body'));
    store.spool(0).write(Buffer.from('half'));
    writeFileSync(at('k.har.bodies/incomplete'), 'half');
    writeFileSync(at('k.har.bodies/incomplete-notes.txt'), 'mine');
    store.tidy();
    assert.deepEqual(readdirSync(at('k.har.bodies')).sort(), [digest, 'incomplete-notes.txt'].sort());
  });
});
