import { statSync, type Stats } from 'node:fs';
import { resolve } from 'node:path';

/** What a path is, links followed; undefined when nothing that can be read is there (also below a file: `x.json/y`). */
export function statIfThere(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}

/** Whether two names are of one file, which need not be there. */
export function isSameFile(a: string, b: string): boolean {
  const [one, other] = [statIfThere(a), statIfThere(b)];
  if (one && other) return one.dev === other.dev && one.ino === other.ino;
  return resolve(a) === resolve(b);
}
