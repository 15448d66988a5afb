import { readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { RecordingError } from '../errors';
import { cannotWrite } from './cannot-write';

/** The path without links: two names of one file are one file. The file itself need not be there yet. */
export function realPathOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return join(realpathSync(dirname(path)), basename(path));
  }
}

/**
 * Keeps other writers from a file, by `FILE.lock` with our process id in it, until the returned function is called. The lock of
 * a process that is gone is taken over.
 * @throws RecordingError naming the file and the process that writes it.
 */
export function lockFile(path: string, named: string = path): () => void {
  const lock = `${path}.lock`;
  try {
    for (let attempt = 0; !tryCreate(lock); attempt++) {
      const holder = readHolder(lock);
      if (attempt > 2 || isAlive(holder)) {
        throw new RecordingError(
          `recording ${named} is being written by process ${holder}; stop it first (or delete ${lock} if that is no recorder)`,
        );
      }
      rmSync(lock, { force: true });
    }
  } catch (error) {
    if (error instanceof RecordingError) throw error;
    throw cannotWrite(named, error);
  }
  return () => rmSync(lock, { force: true });
}

function tryCreate(lock: string): boolean {
  try {
    writeFileSync(lock, `${process.pid}\n`, { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return false;
  }
}

/** The process that made the lock; NaN when it did not live to say so. */
function readHolder(lock: string): number {
  for (let attempt = 0; attempt < 5; attempt++) {
    const id = Number.parseInt(readText(lock), 10);
    if (!Number.isNaN(id)) return id;
    // Between making the lock and writing the id into it there is a moment.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
  }
  return NaN;
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return '';
  }
}

function isAlive(pid: number): boolean {
  if (!(pid > 0)) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
