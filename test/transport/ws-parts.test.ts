import assert from 'node:assert/strict';
import { loadWs } from '../../src/transport/ws-parts';

describe('loadWs', () => {
  it('finds what ws exports beside what its types tell', async () => {
    const { Receiver, Sender, PerMessageDeflate, extension } = await loadWs();
    for (const part of [Receiver, Sender, PerMessageDeflate, extension.parse, extension.format])
      assert.equal(typeof part, 'function');
  });
});
