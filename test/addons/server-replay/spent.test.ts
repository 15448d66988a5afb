import assert from 'node:assert/strict';
import type { RecordedFlow } from 'replay-proxy';
import { Spent } from '../../../addons/server-replay/spent';
import { entry } from '../../support/replay';

describe('Spent', () => {
  const list = ['a', 'b', 'c'].map((text) => entry('http://h/', text));

  it('counts the used ones at the start, for each session and list', () => {
    const spent = new Spent();
    const used = new Set<RecordedFlow>([list[0]!, list[2]!]);
    const uses = (one: RecordedFlow) => (used.has(one) ? 1 : 0);
    assert.equal(spent.of(list, '', uses), 1);
    used.add(list[1]!);
    assert.equal(spent.of(list, '', uses), 3);
    assert.equal(
      spent.of(list, 'ann', () => 0),
      0,
    );
    assert.equal(
      spent.of(list.slice(), '', () => 0),
      0,
    );
  });

  it('starts anew when an entry was given back', () => {
    const spent = new Spent();
    assert.equal(
      spent.of(list, '', () => 1),
      3,
    );
    spent.forget();
    assert.equal(
      spent.of(list, '', () => 0),
      0,
    );
  });
});
