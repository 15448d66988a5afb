import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { stopSignal } from '../../src/cli/stop-signal';

describe('stopSignal', () => {
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const) {
    it(`resolves at the first ${signal} and exits at the second`, async () => {
      const process = new EventEmitter();
      const codes: number[] = [];
      const stopped = stopSignal(process, (exit) => codes.push(exit));
      process.emit(signal);
      await stopped;
      assert.deepEqual(codes, []);
      process.emit(signal);
      assert.deepEqual(codes, [code]);
    });
  }
});
