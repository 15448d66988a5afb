import { homedir } from 'node:os';
import { resolve } from 'node:path';
import { ConfigError } from '../errors';
import { ledgerOf, proxyFrom, serverReplayOf } from '../config/built-ins';
import type { Settings } from '../config/load-config';
import { resolveModes } from '../config/resolve-modes';
import { displayPath } from '../config/source-position';
import { listenersOf } from '../proxy-options';
import { escapeControls } from '../escape-controls';
import type { RecordedFlow } from '../recording/recorded-flow';
import { AuthorityFiles } from '../transport/authority-files';
import { defaultAuthorityFolder } from '../transport/authority-folder';
import { failings } from './failings'; // late
import { configOf } from './config-of';
import type { RunFlags } from './flags';
import { greeting } from './greeting';
import { LoadProgressBar } from './progress';
import { settingsFor } from './settings';
import { stopSignal } from './stop-signal';
import { summaryLine } from './summary';
import { tryLine } from './try-line';

/** Something was there that `--fail-on` names. */
const FAILED = 1;

/** `replay [options]`: runs the proxy until a signal ends it; gives the exit code. */
export async function run(flags: RunFlags): Promise<number> {
  const stopped = stopSignal(process, (code) => process.exit(code));
  const cwd = process.cwd();
  const warn = (line: string) => void process.stderr.write(`replay: ${escapeControls(line)}\n`);
  const { config: settings, file } = await settingsFor(configOf(flags), flags.config);
  const config = await resolveModes(settings, {
    warn,
    isModeOfFlag: flags.recordMissing !== undefined && flags.unmatched === undefined,
  });
  const bar = new LoadProgressBar(process.stderr);
  const proxy = proxyFrom(config, {
    log: flags.quiet ? undefined : { verbose: flags.verbose ?? false },
    onProgress: (read, total, path) => bar.update(read, total, path),
    warn,
  });
  const { failOn = [] } = config;
  const ledger = ledgerOf(proxy);
  if (!ledger && failOn.length > 0)
    throw new ConfigError(
      '--fail-on needs the built-in Ledger, but an addon took its seat; give it another name',
    );
  const started = proxy.start().finally(() => bar.stop());
  if (await Promise.race([started, stopped.then(() => true)])) return 0;

  const replay = serverReplayOf(proxy);
  const certificate = certificateFile(config);
  const lines = greeting({
    urls: proxy.urls,
    config,
    file: file === undefined ? undefined : displayPath(file, cwd),
    loaded: replay?.entries.length,
    certificate,
    tryLine: replay && commandToTry(replay.entries, config, proxy.url, certificate),
  });
  process.stdout.write(`${lines.join('\n')}\n`);

  await stopped;
  await proxy.stop();
  process.stdout.write(ledger ? `${summaryLine(ledger.counts(), replay)}\n` : '');
  const wrong = ledger ? failings(ledger.report(), failOn) : [];
  wrong.forEach(warn);
  return wrong.length > 0 ? FAILED : 0;
}

function certificateFile({ authority }: Settings): string {
  const folder = authority ?? defaultAuthorityFolder(process.env, process.platform, homedir());
  return new AuthorityFiles(resolve(folder), process.getuid?.()).certificate;
}

function commandToTry(
  entries: readonly RecordedFlow[],
  config: Settings,
  url: string,
  certificate: string,
): string | undefined {
  const { replay, sessions, listen } = config;
  // Nobody's password is printed.
  if (listen?.proxyAuth !== undefined) return undefined;
  return tryLine(entries, {
    url,
    needsSession: sessions === 'required',
    reverse: typeof listenersOf(config)[0].mode === 'object',
    certificate,
    headers: replay?.headers ?? [],
    hasProxyExceptions: Boolean(process.env['NO_PROXY'] ?? process.env['no_proxy']),
  });
}
