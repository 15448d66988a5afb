import assert from 'node:assert/strict';
import { Findings, type Weakness } from '../../src/lint/findings';

const weakness = (rest: Partial<Weakness>): Weakness => ({
  kind: 'secrets',
  place: 'query.a',
  what: 'holds',
  suggestion: 'take it out',
  ...rest,
});

describe('Findings', () => {
  it('makes one of the same at several entries', () => {
    const found = new Findings();
    for (const number of [12, 3, 3, 5]) found.add(number, weakness({ detail: 'a key' }));
    found.add(4, weakness({ detail: 'a token' }));
    found.add(5, weakness({ place: 'query.b', detail: 'a key' }));
    assert.deepEqual(found.list(), [
      {
        kind: 'secrets',
        numbers: [3, 4, 5, 12],
        place: 'query.a',
        what: 'holds a key, a token',
        suggestion: 'take it out',
      },
      { kind: 'secrets', numbers: [5], place: 'query.b', what: 'holds a key', suggestion: 'take it out' },
    ]);
  });

  it('names five things at most', () => {
    const found = new Findings();
    for (const detail of ['g', 'f', 'e', 'd', 'c', 'b', 'a']) found.add(1, weakness({ detail }));
    assert.equal(found.list()[0]?.what, 'holds a, b, c, d, e, …');
  });

  it('lists by kind, then by the first entry, then by place', () => {
    const found = new Findings();
    found.add(1, weakness({ kind: 'volatile' }));
    found.add(10, weakness({ place: 'z' }));
    found.add(9, weakness({ place: 'y' }));
    found.add(9, weakness({ place: 'x' }));
    found.add(20, weakness({ kind: 'answers' }));
    assert.deepEqual(
      found.list().map(({ kind, numbers, place }) => `${kind} ${numbers.join()} ${place}`),
      ['answers 20 query.a', 'secrets 9 x', 'secrets 9 y', 'secrets 10 z', 'volatile 1 query.a'],
    );
  });
});
