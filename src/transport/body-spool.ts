import { createHash, randomUUID } from 'node:crypto';
import { createReadStream, readFileSync } from 'node:fs';
import { type FileHandle, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Body } from '../http/body';

/** A body that was read to its end. */
export interface SpooledBody {
  readonly body: Body;
  /** Removes the file, if there is one; the body is then gone. */
  discard(): void;
}

/**
 * Reads a body to its end: up to `limit` bytes into memory, a longer one into a file of its own in `folder` (mode 0600), whose
 * digest is known. Rejects when the body is cut short, and leaves no file then.
 */
export async function spoolBody(
  chunks: AsyncIterable<Buffer>,
  limit: number,
  folder: string,
): Promise<SpooledBody> {
  let held: Buffer[] = [];
  let size = 0;
  const hash = createHash('sha256');
  let file: { path: string; handle: FileHandle } | undefined;
  try {
    for await (const chunk of chunks) {
      held.push(chunk);
      size += chunk.length;
      if (size <= limit) continue;
      file ??= await temporaryFile(folder);
      for (const piece of held) {
        hash.update(piece);
        await file.handle.writeFile(piece);
      }
      held = [];
    }
  } catch (error) {
    await file?.handle.close();
    remove(file?.path);
    throw error;
  }
  if (!file) {
    const bytes = held.length === 1 ? held[0]! : Buffer.concat(held, size);
    return { body: Body.from(bytes), discard: () => {} };
  }
  const { path, handle } = file;
  await handle.close();
  return {
    body: Body.file({
      length: size,
      digest: hash.digest('hex'),
      read: () => readFileSync(path),
      chunks: () => createReadStream(path),
    }),
    discard: () => remove(path),
  };
}

async function temporaryFile(folder: string): Promise<{ path: string; handle: FileHandle }> {
  const path = join(folder, `replay-proxy-body-${randomUUID()}`);
  return { path, handle: await open(path, 'wx', 0o600) };
}

function remove(path: string | undefined): void {
  // A file that cannot be removed is left to the system's own tidying; nobody waits for it.
  if (path !== undefined) void rm(path, { force: true }).catch(() => {});
}
