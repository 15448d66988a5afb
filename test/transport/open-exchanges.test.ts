import assert from 'node:assert/strict';
import { OpenExchanges } from '../../src/transport/open-exchanges';

describe('the open exchanges', () => {
  it('are waited for, but not longer than told', async () => {
    const exchanges = new OpenExchanges();
    await exchanges.settled(10_000);
    let finish: () => void = () => {};
    exchanges.run(new Promise((resolve) => (finish = resolve)), (error) => assert.ifError(error));
    const begun = performance.now();
    await exchanges.settled(30);
    assert.ok(performance.now() - begun > 25);
    const settled = exchanges.settled(10_000);
    finish();
    await settled;
    assert.ok(performance.now() - begun < 5_000);
  });

  it('hand on what one of them fails with, which is over, too', async () => {
    const exchanges = new OpenExchanges();
    const failure = new Promise((resolve) => exchanges.run(Promise.reject(new Error('broken')), resolve));
    await exchanges.settled(10_000);
    assert.match(String(await failure), /broken/);
  });

  it('are not those that were over at once', async () => {
    const exchanges = new OpenExchanges();
    exchanges.run(undefined, (error) => assert.ifError(error));
    await exchanges.settled(10_000);
  });

  it('are told to stop once', () => {
    const exchanges = new OpenExchanges();
    assert.equal(exchanges.stopping.aborted, false);
    exchanges.stop();
    assert.equal(exchanges.stopping.aborted, true);
  });

  it('lets any number wait for the stop', async () => {
    const warnings: Error[] = [];
    const note = (warning: Error) => void warnings.push(warning);
    process.on('warning', note);
    const { stopping } = new OpenExchanges();
    for (let count = 0; count < 20; count += 1) stopping.addEventListener('abort', () => {});
    await new Promise(setImmediate);
    process.off('warning', note);
    assert.deepEqual(warnings, []);
  });
});
