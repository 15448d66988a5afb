import assert from 'node:assert/strict';
import { AddonError, ConfigError, reasonOf, RecordingError, statusOf, UpstreamError } from '../src/errors';

describe('errors', () => {
  it('carry a code and a name', () => {
    assert.deepEqual(
      [
        new ConfigError('x'),
        new RecordingError('x'),
        new UpstreamError('x'),
        new AddonError('a', 'h', 'p'),
      ].map(({ name, code }) => [name, code]),
      [
        ['ConfigError', 'ERR_CONFIG'],
        ['RecordingError', 'ERR_RECORDING'],
        ['UpstreamError', 'ERR_UPSTREAM'],
        ['AddonError', 'ERR_ADDON'],
      ],
    );
  });

  it('statusOf finds the status of the cause, and is 502 without one', () => {
    const full = new RecordingError('disk full', { status: 503 });
    assert.equal(statusOf(new AddonError('Recorder', 'forward', 'disk full', { cause: full })), 503);
    assert.equal(statusOf(new UpstreamError('slow', { status: 504 })), 504);
    assert.equal(statusOf(new Error('x')), 502);
    assert.equal(statusOf('x'), 502);
  });

  it('reasonOf keeps to one line', () => {
    assert.equal(reasonOf(new Error('a\n  b')), 'a b');
    assert.equal(reasonOf(new TypeError('')), 'TypeError');
    assert.equal(reasonOf(5), '5');
  });
});
