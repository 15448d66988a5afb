import assert from 'node:assert/strict';
import { DEFAULT_LIMITS } from '../../src/transport/options';

describe('the limits', () => {
  it('are the documented ones unless told', () => {
    assert.deepEqual(DEFAULT_LIMITS, {
      headerBlock: 65_536,
      headerTime: 20_000,
      handshake: 10_000,
      tunnelSilence: 5_000,
      idle: 60_000,
      requestBody: 120_000,
      upstreamResponse: 120_000,
      upstreamConnect: 10_000,
      heldBody: 16_777_216,
      webSocketMessage: 67_108_864,
      webSocketClose: 10_000,
      decodedBody: 67_108_864,
      streams: 100,
      responseStall: 120_000,
      overhead: 1_048_576,
      resets: 800,
      connections: 10_000,
      grace: 5_000,
    });
  });
});
