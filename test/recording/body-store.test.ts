import assert from 'node:assert/strict';
import { readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { BodyStore } from '../../src/recording/body-store';
import { scratch } from './har-samples';

describe('BodyStore', () => {
  const at = scratch();

  it('keeps equal bodies once, for their owner only', () => {
    const store = new BodyStore(at('.'), 'x.har');
    const name = store.put(Buffer.from('body'));
    assert.equal(store.put(Buffer.from('body')), name);
    assert.match(name, /^x\.har\.bodies\/[0-9a-f]{64}$/);
    assert.equal(readFileSync(at(name), 'utf8'), 'body');
    assert.equal(statSync(at(name)).mode & 0o777, 0o600);
    assert.deepEqual(readdirSync(at('x.har.bodies')).length, 1);
  });

  it('clears bodies and nothing else', () => {
    const store = new BodyStore(at('.'), 'y.har');
    store.clear();
    store.put(Buffer.from('body'));
    writeFileSync(at('y.har.bodies/notes.txt'), 'mine');
    store.clear();
    assert.deepEqual(readdirSync(at('y.har.bodies')), ['notes.txt']);
  });

  it('follows no link to another place', () => {
    symlinkSync(at('x.har.bodies'), at('z.har.bodies'));
    const store = new BodyStore(at('.'), 'z.har');
    assert.throws(() => store.put(Buffer.from('x')), /is no folder|EEXIST/);
    store.clear();
    assert.equal(readdirSync(at('x.har.bodies')).length, 1);
  });
});
