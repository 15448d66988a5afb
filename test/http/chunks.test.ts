import assert from 'node:assert/strict';
import { Body } from '../../src/http/body';
import { areOf, fitChunks } from '../../src/http/chunks';
import { HttpHeaders } from '../../src/http/headers';

const EVENTS = new HttpHeaders({ 'content-type': 'text/event-stream' });
const message = (text: string, headers = EVENTS) => ({ body: Body.from(text), headers });

describe('fitChunks', () => {
  const chunks = { at: [0, 10, 20], lengths: [3, 4, 5] };

  it('keeps chunks that are of the body', () => {
    assert.equal(areOf(chunks, 12), true);
    assert.equal(areOf(chunks, 13), false);
    assert.equal(areOf({ at: [1], lengths: [] }, 0), false);
    assert.equal(fitChunks(chunks, message('a: 1\n\nb: 2\n\n')), chunks);
  });

  it('finds the events of a body that was changed, each at the time of the chunk of its number', () => {
    const text = ['data: longer now\n\n', 'data: 2\n\n', 'data: 3\n\n', 'data: new\n\n'];
    assert.deepEqual(fitChunks(chunks, message(text.join(''))), {
      at: [0, 10, 20, 20],
      lengths: text.map(({ length }) => length),
    });
    assert.deepEqual(fitChunks(undefined, message(text.slice(0, 2).join(''))), {
      at: [0, 0],
      lengths: [18, 9],
    });
  });

  it('looks into no body that is still coded', () => {
    const coded = new HttpHeaders([...EVENTS, ['Content-Encoding', 'gzip']]);
    assert.deepEqual(fitChunks(undefined, message('a\n\nb\n\n', coded)), { at: [0], lengths: [6] });
  });
});
