import assert from 'node:assert/strict';
import { SpokenProtocols } from '../../src/transport/spoken-protocols';

describe('SpokenProtocols', () => {
  it('remembers what was found last, for a minute', () => {
    let now = 0;
    const spoken = new SpokenProtocols(() => now);
    assert.equal(spoken.of('a'), undefined);
    spoken.found('a', 'h2');
    spoken.found('b', 'h2');
    spoken.found('a', 'http/1.1');
    now = 59_999;
    assert.deepEqual([spoken.of('a'), spoken.of('b')], ['http/1.1', 'h2']);
    now = 60_000;
    assert.equal(spoken.of('a'), undefined);
  });
});
