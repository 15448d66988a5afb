import assert from 'node:assert/strict';
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

  it('replaces nothing', () => {
    project.write({ 'there.mitm': '' });
    const { code, err } = replay(project.folder, 'convert', SHOP, 'there.mitm');
    assert.equal(code, 2);
    assert.match(err, /^replay: recording there\.mitm is there already; [^\n]*\n$/);
  });
});
