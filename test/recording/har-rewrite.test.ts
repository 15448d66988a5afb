import assert from 'node:assert/strict';
import { chmodSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { rewriteOnLines } from '../../src/recording/har-rewrite';
import { openHar } from '../../src/recording/har-reader';
import { openHarWriter } from '../../src/recording/har-writer';
import { fixtures, flow, picture, scratch } from './har-samples';

interface Whole {
  log: { entries: unknown[]; _replay?: unknown };
}

describe('rewriteOnLines', () => {
  const at = scratch();

  it('gives each entry a line and loses nothing', async () => {
    const source = join(fixtures, 'chromium/shop-embedded.har');
    const path = at('foreign.har');
    const original = JSON.parse(readFileSync(source, 'utf8')) as Whole;
    writeFileSync(path, `\ufeff${JSON.stringify(original, null, '\t').replace(/\n/g, '\r\n')}`);
    chmodSync(path, 0o640);
    const before = await openHar(source);
    const writer = openHarWriter(path, { append: true, version: '0' });
    assert.match(writer.warnings[0]!, /had another layout; rewritten to one entry a line/);
    writer.append(flow('http://h/'));
    writer.close();

    const text = readFileSync(path, 'utf8');
    assert.equal(text.split('\n').length, 12 + 1 + 2);
    const { log } = JSON.parse(text) as Whole;
    assert.deepEqual(log.entries.slice(0, 11), original.log.entries);
    assert.deepEqual({ ...log, entries: 0, _replay: 0 }, { ...original.log, entries: 0, _replay: 0 });
    assert.equal(statSync(path).mode & 0o777, 0o640);
    const after = await openHar(path);
    assert.deepEqual(after.flows.slice(0, 11).map(picture), before.flows.map(picture));
    after.close();
  });

  it('keeps numbers and doubled keys to the letter', () => {
    const path = at('letter.har');
    writeFileSync(path, '{"log":{"entries":[\n{"_n": 12345678901234567890.10,\n "a":1,"a":2}],"pages":[]}}');
    rewriteOnLines(path);
    assert.match(readFileSync(path, 'utf8'), /\n\{"_n": 12345678901234567890\.10,"a":1,"a":2\}\n/);
  });

  it('leaves what is no HAR as it was', () => {
    const path = at('none.har');
    writeFileSync(path, '{"log":{"entries":{}}}');
    assert.throws(() => rewriteOnLines(path), /is no HAR/);
    assert.equal(readFileSync(path, 'utf8'), '{"log":{"entries":{}}}');
    assert.equal(readdirSync(at('.')).filter((n) => n.endsWith('.tmp')).length, 0);
    assert.ok(existsSync(path));
  });
});
