import assert from 'node:assert/strict';
import { Sketches } from '../../../../addons/server-replay/miss/sketches';
import { entry, requestOf } from '../../../support/replay';

describe('Sketches', () => {
  const urls = [
    'http://h/users/1?page=1&size=10',
    'http://h/users/2?page=1&size=10',
    'http://h/users/2?size=20&page=9',
    'http://other/users/2?page=1&size=10',
    'http://h/style.css',
  ];
  const flows = urls.map((url, i) => entry(url, '', { number: i + 1 }));
  const nearest = (url: string, most = 5) =>
    new Sketches(flows).nearest(requestOf(url), most).map(({ number }) => number);

  it('puts first what has the path, the host and most of the query, whatever its order', () => {
    assert.deepEqual(nearest('http://h/users/2?page=9&size=20', 2), [3, 2]);
    assert.equal(nearest('http://h/users/2?page=1&size=11')[0], 2);
    assert.deepEqual(nearest('http://other/users/2', 1), [4]);
    assert.equal(nearest('http://h/style.css?v=2')[0], 5);
    assert.equal(nearest('http://h/users/1')[0], 1);
  });

  it('finds what was added later', () => {
    const sketches = new Sketches([]);
    for (let i = 0; i < 40; i += 1) sketches.add(entry(`http://h/${i}`, '', { number: i }));
    assert.equal(sketches.nearest(requestOf('http://h/33'), 1)[0]?.number, 33);
  });

  it('finds the same when sketches were made beforehand, a few at a time', () => {
    const sketches = new Sketches(flows);
    assert.deepEqual([sketches.make(2), sketches.make(2), sketches.make(2)], [true, true, false]);
    sketches.add(entry('http://h/added', '', { number: 6 }));
    assert.deepEqual([sketches.make(2), sketches.size], [false, 6]);
    const found = sketches.nearest(requestOf('http://h/added'), 1);
    assert.deepEqual([found[0]?.number, nearest('http://h/style.css', 1)], [6, [5]]);
  });

  it('keeps recorded order among equals, and no more than asked for', () => {
    const same = Array.from({ length: 100 }, (_, i) => entry('http://h/', '', { number: i }));
    const found = new Sketches(same).nearest(requestOf('http://h/'), 3).map(({ number }) => number);
    assert.deepEqual(found, [0, 1, 2]);
    assert.deepEqual(new Sketches([]).nearest(requestOf('http://h/'), 3), []);
  });
});
