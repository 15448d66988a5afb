import assert from 'node:assert/strict';
import { readTimes, startOf, writeTimes } from '../../src/recording/har-times';

const times = { requestStart: 1000, requestEnd: 1002, responseStart: 1010, responseEnd: 1015 };

describe('times of a HAR entry', () => {
  it('need no more than the standard fields when these are exact', () => {
    const { exact, ...fields } = writeTimes(times);
    assert.equal(exact, undefined);
    assert.deepEqual(fields.timings, {
      blocked: -1,
      dns: -1,
      connect: -1,
      ssl: -1,
      send: 2,
      wait: 8,
      receive: 5,
    });
    assert.equal(fields.time, 15);
    assert.deepEqual(
      readTimes(fields, () => 0),
      times,
    );
  });

  it('come back exactly when they are not', () => {
    for (const odd of [
      { ...times, requestStart: 1000.25 },
      { ...times, requestEnd: undefined },
      { ...times, responseStart: 1001 },
      { ...times, responseEnd: undefined },
      { ...times, requestStart: 1e17 },
    ]) {
      const { exact, ...fields } = writeTimes(odd);
      const read = readTimes({ ...fields, _replay: { times: exact } }, () => 0);
      if (odd.requestStart < 1e16) assert.deepEqual(read, odd);
    }
  });

  it('follow startedDateTime when it was edited', () => {
    const { exact, ...fields } = writeTimes({ ...times, requestStart: 999.5 });
    const edited = { ...fields, startedDateTime: '2030-01-01T00:00:00Z', _replay: { times: exact } };
    assert.equal(readTimes(edited, () => 0).requestStart, Date.parse('2030-01-01T00:00:00Z'));
  });

  it('start where the caller says when startedDateTime is no date', () => {
    assert.equal(startOf({ startedDateTime: 'yesterday' }), undefined);
    assert.equal(startOf({ startedDateTime: 5 }), undefined);
    assert.equal(readTimes({ startedDateTime: 'yesterday', time: 7 }, () => 50).responseEnd, 57);
  });
});
