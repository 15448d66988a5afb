import type { Stats } from 'node:fs';

type Ownership = Pick<Stats, 'mode' | 'uid'>;

/**
 * Why a secret in this file is none, and what to do, or undefined when nobody but its owner can read or write it.
 * `uid` is the user who runs us; without one (Windows) there is nothing to check.
 */
export function fileExposure(stats: Ownership, uid: number | undefined): string | undefined {
  if (uid === undefined) return undefined;
  if (stats.uid !== uid)
    return `belongs to user ${stats.uid}, not to you (${uid}); choose another folder or chown it`;
  if ((stats.mode & 0o077) === 0) return undefined;
  return `others can use it (mode ${octal(stats)}); chmod 600 it, or delete it and its certificate if somebody may know it`;
}

/** Why others could put files of their own into this folder, and what to do, or undefined when they cannot. */
export function folderExposure(stats: Ownership, uid: number | undefined): string | undefined {
  if (uid === undefined) return undefined;
  if (stats.uid !== uid && stats.uid !== 0) {
    return `belongs to user ${stats.uid}, not to you (${uid}); choose another folder or chown it`;
  }
  return (stats.mode & 0o022) === 0
    ? undefined
    : `others can write to it (mode ${octal(stats)}); chmod 700 it or choose another folder`;
}

const octal = (stats: Ownership): string => (stats.mode & 0o7777).toString(8).padStart(4, '0');
