import { randomBytes } from 'node:crypto';
import {
  closeSync,
  fstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { reasonToDistrust } from './ownership';

/** What a file holds that is kept between runs; undefined when it cannot be read, or another user than `uid` could have written it. */
export function readPrivateFile(path: string, uid: number | undefined): Buffer | undefined {
  let file: number | undefined;
  try {
    file = openSync(path, 'r');
    return reasonToDistrust(fstatSync(file), uid) === undefined ? readFileSync(file) : undefined;
  } catch {
    return undefined;
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

/** Keeps something for later runs, mode 0600 in a folder of mode 0700: whole, or silently not at all. */
export function writePrivateFile(path: string, content: string | Uint8Array): void {
  const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`;
  try {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    writeFileSync(temporary, content, { mode: 0o600, flag: 'wx' });
    renameSync(temporary, path);
  } catch {
    rmQuietly(temporary);
  }
}

function rmQuietly(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // the folder is not ours to write: there is nothing to remove either
  }
}
