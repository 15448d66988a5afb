import { fstatSync, type Stats } from 'node:fs';

/** How many recordings of this process have a file open, by its device and inode. */
const readers = new Map<string, number>();

/** Notes that the open file is being read, until the returned function is called. */
export function noteReader(fd: number): () => void {
  const key = keyOf(fstatSync(fd));
  readers.set(key, (readers.get(key) ?? 0) + 1);
  return () => {
    const left = (readers.get(key) ?? 1) - 1;
    if (left > 0) readers.set(key, left);
    else readers.delete(key);
  };
}

/** Whether a recording of this process still reads that file, by whatever name. */
export function isBeingRead(file: Stats): boolean {
  return readers.has(keyOf(file));
}

function keyOf({ dev, ino }: Stats): string {
  return `${dev}:${ino}`;
}
