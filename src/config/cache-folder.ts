import { join } from 'node:path';

/**
 * The folder for this program's cached files: `$XDG_CACHE_HOME/replay-proxy` or `~/.cache/replay-proxy`
 * (XDG Base Directory Specification), `~/Library/Caches` on macOS, `%LOCALAPPDATA%` on Windows.
 */
export function userCacheFolder(
  env: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform,
  home: string,
): string {
  if (env['XDG_CACHE_HOME']?.startsWith('/')) return join(env['XDG_CACHE_HOME'], 'replay-proxy');
  if (platform === 'darwin') return join(home, 'Library', 'Caches', 'replay-proxy');
  if (platform !== 'win32') return join(home, '.cache', 'replay-proxy');
  return join(env['LOCALAPPDATA'] || join(home, 'AppData', 'Local'), 'replay-proxy', 'Cache');
}
