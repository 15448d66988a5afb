import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { Permission } from '../../src/transport/permission';

describe('Permission', () => {
  it('is there when it is given, before or after it is waited for', async () => {
    const before = new Permission();
    before.give();
    assert.equal(await before.given(new EventEmitter()), true);
    const after = new Permission();
    const given = after.given(new EventEmitter());
    after.give();
    assert.equal(await given, true);
  });

  it('is there when it was long neither given nor refused', async () => {
    const started = Date.now();
    assert.equal(await new Permission().given(new EventEmitter()), true);
    assert.ok(Date.now() - started >= 990);
  });

  it('is never there once it is refused, and missed when the carrier closes', async () => {
    const carrier = new EventEmitter();
    const permission = new Permission();
    let given: boolean | undefined;
    const waited = permission.given(carrier).then((is) => (given = is));
    permission.refuse();
    permission.give();
    await delay(1100);
    assert.equal(given, undefined);
    carrier.emit('close');
    assert.equal(await waited, false);
    assert.equal(carrier.listenerCount('close'), 0);
  });
});
