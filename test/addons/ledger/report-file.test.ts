import assert from 'node:assert/strict';
import {
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ReportFile } from '../../../addons/ledger/report-file';

describe('ReportFile', () => {
  const folder = mkdtempSync(join(tmpdir(), 'replay-report-'));
  after(() => rmSync(folder, { recursive: true }));
  const report = (n: number) => ({ kind: 'replay-proxy report', n });
  const read = (path: string) => (JSON.parse(readFileSync(path, 'utf8')) as { n: number }).n;

  it('is replaced whole, for its owner only, and left alone for five times as long as that took', async () => {
    const path = join(folder, 'a.json');
    let now = 0;
    const file = new ReportFile(path, { now: () => (now += 1), warn: assert.fail });
    file.write(() => report(1));
    assert.equal(statSync(path).mode & 0o777, 0o600);
    let made = 0;
    const make = () => report(10 + ++made);
    file.update(make);
    file.update(make);
    assert.equal(read(path), 1, 'not yet');
    while (made === 0) await new Promise(setImmediate);
    assert.equal(read(path), 11);
    now += 100;
    file.update(make);
    assert.equal(read(path), 12, 'at once');
    file.update(make);
    file.write(() => report(2));
    await new Promise((resolve) => setTimeout(resolve, 30));
    assert.equal(read(path), 2, 'what waited is not written any more');
    assert.deepEqual(readdirSync(folder), ['a.json']);
  });

  it('is written sooner when that is urgent, unless it takes long', () => {
    const path = join(folder, 'urgent.json');
    let now = 0;
    let took = 1;
    const file = new ReportFile(path, { now: () => (now += took), warn: assert.fail });
    file.write(() => report(1));
    now += 2;
    file.update(() => report(2), true);
    assert.equal(read(path), 2);
    took = 60;
    file.write(() => report(3));
    now += 100;
    file.update(() => report(4), true);
    assert.equal(read(path), 3);
    file.write(() => report(5));
  });

  it('is never written over something else', () => {
    const path = join(folder, 'package.json');
    writeFileSync(path, '{"name":"precious"}');
    const options = { now: () => 0, warn: assert.fail };
    assert.throws(() => new ReportFile(path, options), /holds something else than a report/);
    assert.throws(() => new ReportFile(folder, options), { code: 'ERR_CONFIG' });
    writeFileSync(path, '{"name":"a replay-proxy report","kind":"replay-proxy report"}');
    assert.throws(() => new ReportFile(path, options), { code: 'ERR_CONFIG' });
    writeFileSync(path, '');
    new ReportFile(path, options).write(() => report(1));
    new ReportFile(path, options).write(() => report(2));
    assert.equal(read(path), 2);
  });

  it('is written behind a link, which stays one', () => {
    const [link, target] = [join(folder, 'link.json'), join(folder, 'target.json')];
    symlinkSync(target, link);
    for (const n of [1, 2]) {
      new ReportFile(link, { now: () => 0, warn: assert.fail }).write(() => report(n));
      assert.equal(read(target), n);
      assert.ok(lstatSync(link).isSymbolicLink());
    }
  });

  it('that cannot be written says so, in a line of its own while the proxy runs', () => {
    const lines: string[] = [];
    const file = new ReportFile(join(folder, 'none/a.json'), {
      now: () => 0,
      warn: (line) => lines.push(line),
    });
    assert.throws(() => file.write(() => report(1)), { code: 'ERR_CONFIG' });
    file.update(() => report(1));
    assert.match(lines[0]!, /^report .*a\.json cannot be written/);
  });
});
