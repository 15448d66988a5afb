import assert from 'node:assert/strict';
import { type HttpHeaders } from 'replay-proxy';
import { MovedHeaders } from '../../../addons/response-refresh/moved-headers';
import { recordedFlow } from '../../support/addons';

describe('moved headers', () => {
  const recorded = recordedFlow({ headers: { date: 'then' } });
  const headersOf = () => recorded.response!.headers.clone();
  let moves: string[];
  let moved: MovedHeaders;
  const of = (headers: HttpHeaders, delta: number) =>
    moved.of(recorded, headers, delta, (copy) => {
      moves.push(`${delta} ${String([...copy])}`);
      copy.set('date', `then and ${delta}`);
    });
  beforeEach(() => {
    moves = [];
    moved = new MovedHeaders();
  });

  it('are made once for each second', () => {
    const seen = [1000, 1000, 2000, 2000].map((delta) => of(headersOf(), delta).get('date'));
    assert.deepEqual(seen, ['then and 1000', 'then and 1000', 'then and 2000', 'then and 2000']);
    assert.equal(moves.length, 2);
  });

  it('are copies: who changes one changes no other', () => {
    of(headersOf(), 1000).set('date', 'never').append('x', '1');
    assert.deepEqual([...of(headersOf(), 1000)], [['date', 'then and 1000']]);
    assert.equal(recorded.response!.headers.get('date'), 'then');
  });

  it('are made anew of headers that somebody has changed', () => {
    of(headersOf(), 1000);
    const changed = headersOf().append('x', '1');
    assert.deepEqual([...of(changed, 1000)], [['date', 'then and 1000'], ['x', '1']]); // prettier-ignore
    assert.equal(moves.length, 2);
  });
});
