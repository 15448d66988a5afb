import assert from 'node:assert/strict';
import { setTimeout as delay } from 'node:timers/promises';
import { Patience } from '../../src/transport/patience';

describe('Patience', () => {
  let passed = 0;
  let patience: Patience;
  beforeEach(() => {
    passed = 0;
    patience = new Patience(() => (passed += 1));
  });
  afterEach(() => patience.close());

  it('passes once, and can begin again, for another time too', async () => {
    for (const [at, limit] of [10, 10, 20].entries()) {
      patience.begin(limit);
      await delay(60);
      assert.equal(passed, at + 1);
    }
  });

  it('does not pass once what was waited for has come, or where there is no limit', async () => {
    patience.begin(10);
    patience.end();
    patience.extend();
    await delay(40);
    patience.begin(0);
    await delay(40);
    patience.begin(10);
    patience.close();
    await delay(40);
    assert.equal(passed, 0);
  });

  it('lasts longer when it is extended', async () => {
    patience.begin(400);
    await delay(250);
    patience.extend();
    await delay(250);
    assert.equal(passed, 0);
    await delay(300);
    assert.equal(passed, 1);
  });
});
