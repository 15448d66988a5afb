import { mkdir } from 'node:fs/promises'; // late
import { dirname } from 'node:path';

/**
 * Makes a folder for its owner only, and those above it that are missing. Rejects with the system's error.
 *
 * Node's own recursive mkdir never returns where the system says of a parent that is there that it is not, as in `/proc`.
 */
export async function makeFolder(folder: string): Promise<void> {
  if (await made(folder, 'ENOENT')) return;
  const parent = dirname(folder);
  if (parent !== folder) await makeFolder(parent);
  await made(folder);
}

/** Whether the folder is there now; false after the error that is expected. */
async function made(folder: string, expected?: string): Promise<boolean> {
  try {
    await mkdir(folder, { mode: 0o700 });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === expected) return false;
    if (code !== 'EEXIST') throw error;
  }
  return true;
}
