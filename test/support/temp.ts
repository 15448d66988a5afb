import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

let authority: string | undefined;

/** A certificate authority's folder that all tests of a run share, since making one costs time; gone with the run. */
export function sharedAuthorityFolder(): string {
  if (authority === undefined) {
    const folder = mkdtempSync(join(tmpdir(), 'replay-proxy-test-ca-'));
    chmodSync(folder, 0o700);
    process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
    authority = folder;
  }
  return authority;
}
