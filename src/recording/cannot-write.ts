import { RecordingError, reasonOf } from '../errors';
import { WriteFailure } from './write-failure';

const ADVICE: Readonly<Record<string, string>> = {
  ENOENT: 'its folder does not exist; make it first',
  ENOTDIR: 'its folder is a file; name another',
  EISDIR: 'it is a folder; name a file in it',
  EACCES: 'this user may not write there; name another place',
  EPERM: 'this user may not write there; name another place',
  EROFS: 'the file system is read-only; name another place',
  ENOSPC: 'the disk is full; make room',
  EMFILE: 'too many files are open; raise the limit (ulimit -n)',
};

/** The error for a recording that the file system does not let us write, `path` as the user named it. */
export function cannotWrite(path: string, error: unknown): RecordingError {
  const cause = error instanceof WriteFailure ? error.cause : error;
  const advice = ADVICE[(cause as NodeJS.ErrnoException).code ?? ''] ?? reasonOf(cause);
  return new RecordingError(`recording ${path} cannot be written: ${advice}`, { cause });
}
