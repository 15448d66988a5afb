import assert from 'node:assert/strict';
import { AsyncSeriesBailHook } from 'tapable';
import { ask } from '../../src/core/ask';
import { guard } from '../../src/core/guard';
import type { Ask } from '../../src/core/hooks';
import { walk } from '../../src/core/steps';

const TEXT = { check: (value: unknown) => typeof value === 'string', wants: 'text', bails: true };

describe('what a hook is asked', () => {
  let hook: Ask<[question: string], string>;
  const answer = () => walk(ask(hook, 'how'));
  beforeEach(() => {
    const bare: Ask<[question: string], string> = new AsyncSeriesBailHook(['question']);
    hook = guard('question', bare, { timeout: 1_000 }, TEXT);
  });

  it('is answered at once when no tap has to be waited for', () => {
    assert.equal(answer(), undefined);
    hook.tap('No', () => undefined);
    assert.equal(answer(), undefined);
    hook.tap('Yes', (question) => `${question}ever`);
    hook.tap('Late', () => assert.fail('it was answered'));
    assert.equal(answer(), 'however');
  });

  it('is waited for otherwise', async () => {
    hook.tap('Async', async (question) => {
      await new Promise(setImmediate);
      return `${question}ever`;
    });
    const asked = answer();
    assert.ok(asked instanceof Promise);
    assert.equal(await asked, 'however');
  });

  it('throws what a tap throws, at once or later', async () => {
    hook.tap('Async', () => Promise.reject(new Error('late')));
    await assert.rejects(Promise.resolve(answer()), /Async.*late/);
    hook.tap({ name: 'Broken', stage: -1 }, () => {
      throw new Error('broken');
    });
    assert.throws(answer, /Broken.*broken/);
  });
});
