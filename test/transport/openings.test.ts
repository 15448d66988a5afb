import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { Openings } from '../../src/transport/openings';

/** Settles when its signal aborts. */
const aborted = (signal: AbortSignal) =>
  new Promise<string>((resolve) => {
    signal.addEventListener('abort', () => resolve('aborted'), { once: true });
    if (signal.aborted) resolve('aborted');
  });

describe('Openings', () => {
  it('gives what was opened, and leaves no listener behind, opened or not', async () => {
    const openings = new Openings();
    const { signal } = new AbortController();
    assert.equal(await openings.run(signal, () => Promise.resolve('open')), 'open');
    await assert.rejects(
      openings.run(signal, () => Promise.reject(new Error('no'))),
      /^Error: no$/,
    );
    assert.equal(getEventListeners(signal, 'abort').length, 0);
  });

  it('are given up with their client, and only those', async () => {
    const openings = new Openings();
    const [gone, stays] = [new AbortController(), new AbortController()];
    const ends: string[] = [];
    const first = openings.run(gone.signal, aborted).then((how) => ends.push(how));
    void openings.run(stays.signal, aborted).then((how) => ends.push(how));
    gone.abort();
    await first;
    assert.deepEqual(ends, ['aborted']);
    assert.equal(await openings.run(gone.signal, aborted), 'aborted');
    stays.abort();
  });

  it('are all given up when it is closed, and what comes later at once', async () => {
    const openings = new Openings();
    const { signal } = new AbortController();
    const first = openings.run(signal, aborted);
    openings.close();
    assert.deepEqual([await first, await openings.run(signal, aborted)], ['aborted', 'aborted']);
  });
});
