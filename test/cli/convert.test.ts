import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Project } from '../config/project';
import { replay } from './command';

const SHOP = resolve(__dirname, '../../examples/recordings/shop.har');

describe('replay convert', function () {
  this.timeout(20_000);
  let project: Project;
  beforeEach(() => void (project = new Project()));
  afterEach(() => project.remove());

  it('writes the other format and says how much', () => {
    const { code, out, err } = replay(project.folder, 'convert', SHOP, 'shop.mitm');
    assert.deepEqual({ code, out, err }, { code: 0, out: '9 exchanges written to shop.mitm\n', err: '' });
    assert.match(
      replay(project.folder, 'show', 'shop.mitm').out,
      /^1 GET http:\/\/shop\.example\/ 200 148 B/,
    );
  });

  it('takes secrets out on the way', () => {
    const names = ['--redact', 'header.cookie', '--redact', 'response.header.set-cookie'];
    assert.equal(replay(project.folder, 'convert', SHOP, 'clean.har', ...names).code, 0);
    const text = readFileSync(project.path('clean.har'), 'utf8');
    assert.doesNotMatch(text, /abc123/);
    assert.match(text, /session=redacted/);
    assert.equal(replay(project.folder, 'convert', SHOP, 'x.har', '--redact', 'path').code, 2);
  });

  it('keeps what can be read of a damaged recording, and says so by its exit code', () => {
    const lines = readFileSync(SHOP, 'utf8').split('\n');
    lines[2] = lines[2]!.slice(0, 50);
    project.write({ 'broken.har': lines.join('\n') });
    const shown = replay(project.folder, 'show', 'broken.har');
    assert.equal(shown.code, 2);
    assert.equal(shown.out.trimEnd().split('\n').length, 8);
    assert.match(shown.err, /^replay: recording broken\.har: entry 2 \(line 3\) is no HAR entry [^\n]*\n$/);
    const converted = replay(project.folder, 'convert', 'broken.har', 'rest.mitm');
    assert.deepEqual([converted.code, converted.out], [2, '8 exchanges written to rest.mitm\n']);
    assert.equal(converted.err, shown.err);
  });

  it('replaces nothing', () => {
    project.write({ 'there.mitm': '' });
    const { code, err } = replay(project.folder, 'convert', SHOP, 'there.mitm');
    assert.equal(code, 2);
    assert.match(err, /^replay: recording there\.mitm is there already; [^\n]*\n$/);
  });
});
