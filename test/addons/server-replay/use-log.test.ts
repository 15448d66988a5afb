import assert from 'node:assert/strict';
import { UseLog } from '../../../addons/server-replay/use-log';
import { entry } from '../../support/replay';

describe('UseLog', () => {
  it('remembers the last use of each session, until as many were taken back', () => {
    const log = new UseLog();
    const one = entry('http://h/', '');
    log.note('', one, 1);
    log.note('', one, 2);
    log.takeBack('', one);
    assert.deepEqual([log.isUsed(one), log.lastUse('', one), log.lastUse('a', one)], [true, 2, undefined]);
    log.takeBack('', one);
    log.takeBack('', one);
    assert.deepEqual([log.isUsed(one), log.lastUse('', one)], [false, undefined]);
  });
});
