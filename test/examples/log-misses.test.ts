import assert from 'node:assert/strict';
import logMisses from '../../examples/log-misses';
import { replaying } from '../support/examples';

describe('example: log misses as JSON', () => {
  it('has a line for a miss, with what would help, and none for a hit', async () => {
    const lines: unknown[] = [];
    const { log } = console;
    const { ask } = await replaying(logMisses, [{ url: 'http://shop.example/?page=1' }]);
    console.log = (line: string) => void lines.push(JSON.parse(line));
    try {
      await ask({ url: 'http://shop.example/?page=1&t=7' });
      await ask({ url: 'http://shop.example/?page=1' });
    } finally {
      console.log = log;
    }
    assert.deepEqual(lines, [
      {
        url: 'http://shop.example/?page=1&t=7',
        reason: 'never recorded',
        differs: ['query.t'],
        add: '--ignore query.t',
      },
    ]);
  });
});
