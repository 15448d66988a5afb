import assert from 'node:assert/strict';
import { KeptScripts } from '../../src/cli/kept-scripts';

describe('KeptScripts', () => {
  const TEXT = '(function (n) { return (() => n + 1)(); })';
  const run = (scripts: KeptScripts, text = TEXT) => {
    const script = scripts.compile(text, {}, __filename);
    return { result: (script.runInThisContext() as (n: number) => number)(1), script };
  };
  const kept = () => {
    const scripts = new KeptScripts();
    run(scripts);
    return scripts.toFile()!;
  };

  it('keeps what was compiled for the next run, which has nothing new then', () => {
    const scripts = new KeptScripts(kept());
    const { result, script } = run(scripts);
    assert.equal(result, 2);
    assert.equal(script.cachedDataRejected, false);
    assert.equal(scripts.toFile(), undefined);
  });

  it('compiles anew what has changed, be it of the same length', () => {
    const scripts = new KeptScripts(kept());
    assert.equal(run(scripts, TEXT.replace('1', '7')).result, 8);
    assert.equal(run(new KeptScripts(scripts.toFile())).result, 2);
  });

  it('keeps what an earlier run has kept', () => {
    const scripts = new KeptScripts(kept());
    scripts.compile('1', {}, __dirname);
    assert.equal(run(new KeptScripts(scripts.toFile())).script.cachedDataRejected, false);
  });

  it('forgets files that are gone', () => {
    const gone = new KeptScripts();
    gone.compile(TEXT, {}, `${__filename}.gone`);
    run(gone);
    const file = gone.toFile()!;
    assert.ok(!file.includes('.gone'));
    assert.equal(run(new KeptScripts(file)).script.cachedDataRejected, false);
  });

  it('takes a damaged file for none', () => {
    for (const damage of [
      (file: Buffer) => file.fill(0, 200, 210),
      (file: Buffer) => file.subarray(0, 300),
    ]) {
      const { result, script } = run(new KeptScripts(damage(kept())));
      assert.equal(result, 2);
      assert.equal(script.cachedDataRejected, undefined);
    }
    for (const text of ['', '\n', 'no such thing'])
      assert.equal(run(new KeptScripts(Buffer.from(text))).result, 2);
  });
});
