import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Load, Loaded } from './work';

/** Asks for the lines of a file in turn, in absolute form, and says in one line what came of it. */
const SCRIPT = `
local requests, at = {}, 0

function init(args)
  local host, paths = args[1], args[2]
  local headers = { Host = host, Accept = "application/json", ["User-Agent"] = "bench" }
  for path in io.lines(paths) do
    requests[#requests + 1] = wrk.format("GET", "http://" .. host .. path, headers)
  end
end

function request()
  at = at % #requests + 1
  return requests[at]
end

function done(summary)
  local errors = summary.errors
  local failures = errors.connect + errors.read + errors.write + errors.status + errors.timeout
  print(string.format("answers %d failures %d microseconds %d", summary.requests, failures, summary.duration))
end
`;

/** The version of wrk; undefined when it is not on the PATH. */
export function wrkVersion(): string | undefined {
  return /^wrk (?:\w+\/)?(\S+)/.exec(spawnSync('wrk', ['-v'], { encoding: 'utf8' }).stdout ?? '')?.[1];
}

/** Lets wrk ask for the paths in turn, in absolute form. */
export async function loadByWrk({ port, host, paths, connections, seconds }: Load): Promise<Loaded> {
  const folder = mkdtempSync(join(tmpdir(), 'replay-bench-wrk-'));
  const [script, file] = [join(folder, 'ask.lua'), join(folder, 'paths')];
  writeFileSync(script, SCRIPT);
  writeFileSync(file, `${paths.join('\n')}\n`);
  try {
    const { stdout } = await promisify(execFile)('wrk', [
      ...['--threads', '1', '--connections', String(connections), '--duration', `${seconds}s`],
      ...['--script', script, `http://127.0.0.1:${port}`, '--', host, file],
    ]);
    const [, answers, failures, microseconds] =
      /^answers (\d+) failures (\d+) microseconds (\d+)$/m.exec(stdout) ?? [];
    if (microseconds === undefined) throw new Error(`wrk said something else: ${stdout}`);
    return { answers: Number(answers), failures: Number(failures), seconds: Number(microseconds) / 1e6 };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
