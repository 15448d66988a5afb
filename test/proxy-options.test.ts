import assert from 'node:assert/strict';
import { transportOptions } from '../src/proxy-options';
import { DEFAULT_LIMITS } from '../src/transport/options';

describe('transportOptions', () => {
  it('are safe unless told otherwise', () => {
    const { now: _now, authorityFolder: _folder, ...options } = transportOptions({}, DEFAULT_LIMITS);
    assert.deepEqual(options, {
      host: '127.0.0.1',
      port: 8080,
      allowLan: false,
      allowPublic: false,
      sessions: true,
      keepHost: false,
      limits: DEFAULT_LIMITS,
    });
  });

  it('take what is told', () => {
    const options = transportOptions(
      {
        listen: { host: '::', port: 0, allowLan: true, proxyAuth: 'x' },
        mode: { reverse: 'http://h:1', keepHost: true },
        sessions: 'required',
        authority: 'ca',
      },
      DEFAULT_LIMITS,
    );
    assert.deepEqual(options.reverse, { scheme: 'http', host: 'h', port: 1 });
    assert.deepEqual(
      [options.host, options.port, options.allowLan, options.proxyAuth, options.keepHost],
      ['::', 0, true, 'x', true],
    );
    assert.deepEqual([options.sessions, options.authorityFolder], ['required', 'ca']);
    assert.throws(() => transportOptions({ mode: { reverse: 'h' } }, DEFAULT_LIMITS), { code: 'ERR_CONFIG' });
  });
});
