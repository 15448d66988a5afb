import { homedir } from 'node:os';
import { resolve } from 'node:path';
import * as running from '../index';
import { proxyFrom, serverReplayOf } from '../config/built-ins';
import { userCacheFolder } from '../config/cache-folder';
import { loadConfig, type Settings } from '../config/load-config';
import { ModuleLoader } from '../config/module-loader';
import { displayPath } from '../config/source-position';
import { escapeControls } from '../escape-controls';
import type { RecordedFlow } from '../recording/recorded-flow';
import { AuthorityFiles } from '../transport/authority-files';
import { defaultAuthorityFolder } from '../transport/authority-folder';
import { configOf, nameFlag, type RunFlags } from './flags';
import { greeting } from './greeting';
import { LoadProgressBar } from './progress';
import { stopSignal } from './stop-signal';
import { Summary } from './summary';
import { tryLine } from './try-line';

/** `replay [options]`: runs the proxy until a signal ends it. */
export async function run(flags: RunFlags): Promise<void> {
  const stopped = stopSignal(process, (code) => process.exit(code));
  const cwd = process.cwd();
  const warn = (line: string) => void process.stderr.write(`replay: ${escapeControls(line)}\n`);
  const { config, file } = await loadConfig({
    flags: configOf(flags),
    nameFlag,
    file: flags.config,
    loader: new ModuleLoader({
      running,
      cacheFolder: userCacheFolder(process.env, process.platform, homedir()),
      cwd,
    }),
    cwd,
    home: homedir(),
    uid: process.getuid?.(),
  });

  const bar = new LoadProgressBar(process.stderr);
  const summary = new Summary();
  const proxy = proxyFrom(config, {
    log: flags.quiet ? undefined : { verbose: flags.verbose ?? false },
    onProgress: (read, total, path) => bar.update(read, total, path),
    warn,
  }).use(summary);
  const started = proxy.start().finally(() => bar.stop());
  if (await Promise.race([started, stopped.then(() => true)])) return;

  const replay = serverReplayOf(proxy);
  const certificate = certificateFile(config);
  const lines = greeting({
    url: proxy.url,
    config,
    file: file === undefined ? undefined : displayPath(file, cwd),
    loaded: replay?.entries.length,
    certificate,
    tryLine: replay && commandToTry(replay.entries, config, proxy.url, certificate),
  });
  process.stdout.write(`${lines.join('\n')}\n`);

  await stopped;
  await proxy.stop();
  process.stdout.write(`${summary.line(replay)}\n`);
}

function certificateFile({ authority }: Settings): string {
  const folder = authority ?? defaultAuthorityFolder(process.env, process.platform, homedir());
  return new AuthorityFiles(resolve(folder), process.getuid?.()).certificate;
}

function commandToTry(
  entries: readonly RecordedFlow[],
  { replay, mode }: Settings,
  url: string,
  certificate: string,
): string | undefined {
  return tryLine(entries, {
    url,
    reverse: mode?.reverse !== undefined,
    certificate,
    headers: replay?.headers ?? [],
    hasProxyExceptions: Boolean(process.env['NO_PROXY'] ?? process.env['no_proxy']),
  });
}
