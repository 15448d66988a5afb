import assert from 'node:assert/strict';
import { addonsOf } from '../../src/core/addon';

describe('addonsOf', () => {
  const addon = { name: 'Mine', apply() {} };

  it('takes addons, functions and nested lists, and names and numbers functions after their file', () => {
    const names = addonsOf<object>([addon, [() => {}, [() => {}]]], 'mine.ts').map(({ name }) => name);
    assert.deepEqual(names, ['Mine', 'mine.ts', 'mine.ts#2']);
  });

  it('names a function after itself where nobody names it, and lets none take a seat', () => {
    function mine() {}
    const names = addonsOf<object>([mine, () => {}, addon], undefined, ['mine', 'addon']).map(
      ({ name }) => name,
    );
    assert.deepEqual(names, ['mine#2', 'addon#2', 'Mine']);
  });

  it('calls a function with the proxy', () => {
    const seen: unknown[] = [];
    const proxy = {};
    addonsOf<object>((given) => void seen.push(given))[0]?.apply(proxy);
    assert.deepEqual(seen, [proxy]);
  });

  it('refuses what is no addon in one line that says how to make it one', () => {
    assert.throws(
      () => addonsOf({ name: 'x' } as never, 'mine.ts'),
      /^ConfigError: mine\.ts is no addon: it has no apply\(proxy\)/,
    );
    assert.throws(
      () => addonsOf({ apply() {} } as never, 'mine.ts'),
      /^ConfigError: mine\.ts is no addon: it has no name/,
    );
    assert.throws(() => addonsOf(undefined as never, 'mine.ts'), /^ConfigError: mine\.ts is no addon/);
  });
});
