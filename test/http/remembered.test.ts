import { strict as assert } from 'node:assert';
import { remembered } from '../../src/http/remembered';

describe('remembered', () => {
  function counted(most: number) {
    const asked: string[] = [];
    const twice = remembered((text: string) => {
      asked.push(text);
      return text === '' ? undefined : text + text;
    }, most);
    return { asked, twice };
  }

  it('makes a result once', () => {
    const { asked, twice } = counted(10);
    assert.deepEqual([twice('a'), twice('a'), twice('b'), twice('a')], ['aa', 'aa', 'bb', 'aa']);
    assert.deepEqual(asked, ['a', 'b']);
  });

  it('remembers that there is no result', () => {
    const { asked, twice } = counted(10);
    assert.deepEqual([twice(''), twice('')], [undefined, undefined]);
    assert.deepEqual(asked, ['']);
  });

  it('keeps what is asked for again and forgets the rest', () => {
    const { asked, twice } = counted(2);
    for (const text of ['a', 'b', 'c', 'a', 'd', 'a', 'b']) twice(text);
    assert.deepEqual(asked, ['a', 'b', 'c', 'd', 'b']);
  });

  it('keeps nothing of long texts', () => {
    const { asked, twice } = counted(10);
    const long = 'x'.repeat(301);
    assert.equal(twice(long), long + long);
    twice(long);
    assert.equal(asked.length, 2);
  });

  it('does not keep a result that was not reached', () => {
    let calls = 0;
    const throwing = remembered((_text: string) => {
      calls += 1;
      throw new Error('no');
    }, 2);
    assert.throws(() => throwing('a'), /no/);
    assert.throws(() => throwing('a'), /no/);
    assert.equal(calls, 2);
  });
});
