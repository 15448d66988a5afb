import assert from 'node:assert/strict';
import { OpenExchanges } from '../../src/transport/open-exchanges';

describe('the open exchanges', () => {
  it('are waited for, but not longer than told', async () => {
    const exchanges = new OpenExchanges();
    await exchanges.settled(10_000);
    let finish: () => void = () => {};
    const running = exchanges.run(new Promise((resolve) => (finish = resolve)));
    const begun = performance.now();
    await exchanges.settled(30);
    assert.ok(performance.now() - begun > 25);
    const settled = exchanges.settled(10_000);
    finish();
    await Promise.all([running, settled]);
    assert.ok(performance.now() - begun < 5_000);
  });

  it('hand on what one of them fails with', async () => {
    await assert.rejects(new OpenExchanges().run(Promise.reject(new Error('broken'))), /broken/);
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
