import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Gives each test of the suite around it an empty folder of its own, mode 0700, gone afterwards. */
export function useTemporaryFolder(): (...path: string[]) => string {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'replay-proxy-test-'));
    chmodSync(folder, 0o700);
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  return (...path) => join(folder, ...path);
}

/** False where file modes and owners mean nothing. */
export const filesHaveOwners = process.platform !== 'win32';
