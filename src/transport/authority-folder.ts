import { posix, win32 } from 'node:path';

/**
 * Where a user's certificate authority lives unless told otherwise: `replay-proxy` in the data folder of the platform
 * (XDG Base Directory, which ignores relative paths; `~/Library/Application Support`; `%LOCALAPPDATA%`).
 */
export function defaultAuthorityFolder(
  env: Readonly<Record<string, string | undefined>>,
  platform: NodeJS.Platform,
  home: string,
): string {
  if (platform === 'win32') {
    return win32.join(env['LOCALAPPDATA'] || win32.join(home, 'AppData', 'Local'), 'replay-proxy');
  }
  if (platform === 'darwin') return posix.join(home, 'Library', 'Application Support', 'replay-proxy');
  const data = env['XDG_DATA_HOME'] ?? '';
  return posix.join(posix.isAbsolute(data) ? data : posix.join(home, '.local', 'share'), 'replay-proxy');
}
