import assert from 'node:assert/strict';
import { Recorder } from 'replay-proxy';
import { recorderHooks } from '../../../addons/recorder/hooks';
import { entry } from '../../support/replay';

describe('the hooks of Recorder', () => {
  const flow = {} as never;

  it('are one set a proxy, the same from either side', () => {
    const proxy = {} as never;
    assert.equal(recorderHooks(proxy), Recorder.hooks(proxy));
    assert.notEqual(recorderHooks({}), Recorder.hooks(proxy));
  });

  it('refuse what they have no use for, naming the tap', () => {
    const { accept, capture, written } = recorderHooks({});
    accept.tap('Yes', () => 'yes' as never);
    assert.throws(() => accept.call(flow), /addon Yes, hook Recorder\.accept: .*true or false/);
    capture.tap('Half', () => ({}) as never);
    assert.throws(
      () => capture.call(entry('http://h/', ''), flow),
      /addon Half, hook Recorder\.capture: .*RecordedFlow/,
    );
    written.tap('Later', (async () => {}) as never);
    assert.throws(() => written.call(entry('http://h/', ''), flow), /addon Later, .*a promise/);
  });
});
