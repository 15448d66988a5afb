import assert from 'node:assert/strict';
import { defaultAuthorityFolder } from '../../src/transport/authority-folder';

describe('defaultAuthorityFolder', () => {
  for (const [what, env, platform, home, expected] of [
    ['Linux', {}, 'linux', '/home/ann', '/home/ann/.local/share/replay-proxy'],
    ['XDG_DATA_HOME', { XDG_DATA_HOME: '/data' }, 'linux', '/home/ann', '/data/replay-proxy'],
    [
      'an empty XDG_DATA_HOME',
      { XDG_DATA_HOME: '' },
      'freebsd',
      '/home/ann',
      '/home/ann/.local/share/replay-proxy',
    ],
    [
      'a relative XDG_DATA_HOME',
      { XDG_DATA_HOME: 'x' },
      'linux',
      '/home/ann',
      '/home/ann/.local/share/replay-proxy',
    ],
    ['macOS', {}, 'darwin', '/Users/ann', '/Users/ann/Library/Application Support/replay-proxy'],
    ['Windows', { LOCALAPPDATA: 'D:\\Local' }, 'win32', 'C:\\Users\\ann', 'D:\\Local\\replay-proxy'],
    [
      'Windows without LOCALAPPDATA',
      {},
      'win32',
      'C:\\Users\\ann',
      'C:\\Users\\ann\\AppData\\Local\\replay-proxy',
    ],
  ] as const) {
    it(`follows ${what}`, () => assert.equal(defaultAuthorityFolder(env, platform, home), expected));
  }
});
