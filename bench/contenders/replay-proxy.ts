import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command, Contender, Scene } from '../contender';
import { REPLAY, ROOT } from '../paths';
import { dumpOf, harOf, type Shape } from '../recordings';

/** The version of this checkout, and its commit where git knows it. */
function version(): string {
  const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { version: string };
  const git = spawnSync('git', ['describe', '--always', '--dirty'], { cwd: ROOT, encoding: 'utf8' });
  return git.status === 0 ? `${manifest.version} (${git.stdout.trim()})` : manifest.version;
}

/** Us by the built command line: server replay, refresh, kill-unmatched and the recorder at work, and one addon of a user. */
export const replayProxy: Contender = {
  name: 'replay-proxy',
  version,
  command: (scene) =>
    replayCommand(scene, [
      ...['--no-config', '--server-replay', harOf(scene, scene.home), '--reuse', 'hold', '--kill'],
      ...['--record', join(scene.home, 'recorded.har')],
      ...['--addon', join(ROOT, 'examples', 'add-header.ts')],
    ]),
};

/** Us without an addon. */
function replaying(
  name: string,
  recordingOf: (shape: Shape, folder: string) => string,
  unmatched: readonly string[],
): Contender {
  return {
    name,
    version,
    command: (scene) =>
      replayCommand(scene, [
        ...['--no-config', '--server-replay', recordingOf(scene, scene.home), '--reuse', 'hold'],
        ...unmatched,
      ]),
  };
}

/** Us, replaying a HAR. */
export const plainReplay = replaying('replay-proxy', harOf, ['--kill']);

/** Us, replaying a mitmproxy dump. */
export const dumpReplay = replaying('replay-proxy, dump', dumpOf, ['--kill']);

/** Us, telling what is missed why it is, with status 404. */
export const missReport = replaying('replay-proxy', harOf, ['--unmatched', '404']);

/** Us with a `replay.config.ts` in a project of its own, as a user has it; what is compiled is kept in `cache`. */
export function withConfig(cache: (scene: Scene) => string): Contender {
  return {
    name: 'replay-proxy, TypeScript config',
    version,
    command: (scene) => {
      const { env, ...command } = replayCommand(scene, []);
      return { ...command, cwd: projectOf(scene), env: { ...env, XDG_CACHE_HOME: cache(scene) } };
    },
  };
}

/** The command line of this checkout with these flags, keeping its files in the home of the scene. */
export function replayCommand({ port, home }: Scene, args: readonly string[]): Command {
  return {
    argv: [process.execPath, REPLAY, '--quiet', '--port', String(port), ...args],
    env: { XDG_CACHE_HOME: join(home, 'cache'), XDG_DATA_HOME: join(home, 'data') },
  };
}

function projectOf(scene: Scene): string {
  const project = join(scene.home, 'project');
  if (mkdirSync(join(project, 'node_modules'), { recursive: true }) === undefined) return project;
  symlinkSync(ROOT, join(project, 'node_modules', 'replay-proxy'), 'junction');
  const from = JSON.stringify(harOf(scene, scene.home));
  writeFileSync(
    join(project, 'replay.config.ts'),
    `import { defineConfig } from 'replay-proxy';

export default defineConfig({ replay: { from: [${from}], reuse: 'hold' }, unmatched: 'kill' });
`,
  );
  return project;
}
