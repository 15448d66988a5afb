import assert from 'node:assert/strict';
import { listenError } from '../../src/transport/listen-error';

describe('listenError', () => {
  for (const [code, expected] of [
    [
      'EADDRINUSE',
      'port 80 on localhost is in use; stop the other program or choose another (--port, --mode)',
    ],
    ['EACCES', 'port 80 on localhost is not for this user to take; choose one above 1023 (--port, --mode)'],
    ['EADDRNOTAVAIL', 'localhost is no address of this machine; choose another with --host'],
    ['ENOTFOUND', 'host localhost is not known; choose an address of this machine with --host'],
    ['EOTHER', 'cannot listen on localhost, port 80: raw text'],
  ] as const) {
    it(`says what to do about ${code}`, () => {
      const error = listenError(Object.assign(new Error('raw text'), { code }), 'localhost', 80);
      assert.deepEqual([error.name, error.code, error.message], ['ConfigError', 'ERR_LISTEN', expected]);
    });
  }
});
