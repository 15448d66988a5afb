import { statSync, type Stats } from 'node:fs';

/** What a path is, links followed; undefined when nothing that can be read is there (also below a file: `x.json/y`). */
export function statIfThere(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}
