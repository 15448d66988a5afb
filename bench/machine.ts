import { arch, availableParallelism, cpus, release, totalmem, type } from 'node:os';
import type { Machine } from './measure/results';
import { packageVersion } from './package-version';
import { wrkVersion } from './wrk';

/** What the figures depend on. */
export function machine(): Machine {
  const wrk = wrkVersion();
  return {
    processor: `${availableParallelism()} × ${cpus()[0]?.model.trim() || arch()}`,
    memory: `${Math.round(totalmem() / 2 ** 30)} GiB`,
    system: `${type()} ${release()}`,
    node: process.versions.node,
    autocannon: packageVersion('autocannon'),
    ...(wrk !== undefined && { wrk }),
  };
}
