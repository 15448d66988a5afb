import assert from 'node:assert/strict';
import { nearest } from '../../src/config/nearest';

describe('nearest', () => {
  const CASES: [word: string, candidates: string[], expected: string | undefined][] = [
    ['resue', ['from', 'reuse', 'ignore'], 'reuse'],
    ['replya', ['replay', 'record'], 'replay'],
    ['REUSE', ['reuse'], 'reuse'],
    ['kil', ['forward', 'kill'], 'kill'],
    ['prot', ['port', 'host'], 'port'],
    ['xyz', ['port', 'host'], undefined],
    ['', ['port'], undefined],
    ['a'.repeat(100_000), ['port'], undefined],
    ['port', [], undefined],
  ];
  for (const [word, candidates, expected] of CASES) {
    it(`of ${word.slice(0, 10) || 'nothing'} among ${candidates.join(', ') || 'none'} is ${expected}`, () => {
      assert.equal(nearest(word, candidates), expected);
    });
  }
});
