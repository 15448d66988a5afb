import assert from 'node:assert/strict';
import { join } from 'node:path';
import { userCacheFolder } from '../../src/config/cache-folder';

describe('userCacheFolder', () => {
  it('follows XDG_CACHE_HOME when it is an absolute path', () => {
    assert.equal(userCacheFolder({ XDG_CACHE_HOME: '/cache' }, 'linux', '/home/me'), '/cache/replay-proxy');
    assert.equal(
      userCacheFolder({ XDG_CACHE_HOME: 'cache' }, 'linux', '/home/me'),
      '/home/me/.cache/replay-proxy',
    );
  });

  it('falls back to the usual place of the platform', () => {
    assert.equal(userCacheFolder({}, 'linux', '/home/me'), '/home/me/.cache/replay-proxy');
    assert.equal(userCacheFolder({}, 'darwin', '/Users/me'), '/Users/me/Library/Caches/replay-proxy');
    assert.equal(userCacheFolder({ LOCALAPPDATA: 'L' }, 'win32', 'H'), join('L', 'replay-proxy', 'Cache'));
  });
});
