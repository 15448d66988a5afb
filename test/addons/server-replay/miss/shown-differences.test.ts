import assert from 'node:assert/strict';
import { type ShownSide, showDifferences } from '../../../../addons/server-replay/miss/shown-differences';
import { requestOf } from '../../../support/replay';

const side = (body = '', changedBy: [string, string[]][] = []): ShownSide => ({
  compared: { facets: [], kind: undefined, changedBy: new Map(changedBy) },
  request: requestOf('POST http://h/', {}, body),
});
const difference = (name: string, left?: string, right?: string) => ({
  name,
  left: left === undefined ? undefined : [left],
  right: right === undefined ? undefined : [right],
});

describe('differences as they are shown', () => {
  it('are the first, and how many more there are', () => {
    const all = Array.from({ length: 15 }, (_, i) => difference(`query.${i}`, 'a'));
    const { differences, more } = showDifferences(all, side(), side());
    assert.deepEqual([differences.length, more], [12, 3]);
    assert.deepEqual(differences[0], { facet: 'query.0', asked: 'a' });
  });

  it('name the addons that changed a facet on either side', () => {
    const [a, b] = [side('', [['host', ['A', 'B']]]), side('', [['host', ['B', 'C']]])];
    assert.deepEqual(showDifferences([difference('host', '1', '2')], a, b).differences, [
      { facet: 'host', asked: '1', recorded: '2', changedBy: ['A', 'B', 'C'] },
    ]);
  });

  it('show what a body says that is known by its digest', () => {
    const one = difference('body', 'sha256:1', 'unknown x#1');
    assert.deepEqual(showDifferences([one], side('hello'), side()).differences, [
      { facet: 'body', asked: 'hello', recorded: '(not kept)' },
    ]);
    const bare = { ...side(), request: undefined };
    assert.equal(showDifferences([one], bare, bare).differences[0]?.asked, 'sha256:1');
  });
});
