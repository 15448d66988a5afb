import type { Stats } from 'node:fs';

const OTHERS_WRITE = 0o002;

/**
 * Why a file that was found rather than named must not run as code of user `uid`, or undefined when it may.
 * Root's files are trusted: root needs no such detour. Systems without user ids (`uid` undefined) are not judged.
 */
export function reasonToDistrust(
  stats: Pick<Stats, 'uid' | 'mode'>,
  uid: number | undefined,
): string | undefined {
  if (uid === undefined) return undefined;
  if (stats.uid !== uid && stats.uid !== 0) return `belongs to another user (uid ${stats.uid})`;
  if (stats.mode & OTHERS_WRITE) return 'can be written by everyone';
  return undefined;
}
