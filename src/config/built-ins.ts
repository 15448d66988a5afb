import { readFileSync } from 'node:fs';
import { FlowLog, type FlowLogOptions } from '../../addons/flow-log';
import { KillUnmatched } from '../../addons/kill-unmatched';
import { Recorder } from '../../addons/recorder';
import { ResponseRefresh } from '../../addons/response-refresh';
import { ServerReplay, type ServerReplayOptions } from '../../addons/server-replay';
import { ConfigError, reasonOf } from '../errors';
import { type Addon, MitmProxy } from '../proxy';
import type { ReplayConfig } from './define-config';
import type { Settings } from './load-config';
import { statIfThere } from './stat-if-there';

/** What a front end adds to a config. */
export interface FrontEnd {
  /** How flows are logged; undefined: not at all. */
  readonly log: FlowLogOptions | undefined;
  /** Hears how far each recording has been read. */
  readonly onProgress?: NonNullable<ServerReplayOptions['onProgress']>;
  /** Takes one line about what no flow can tell. */
  readonly warn: (line: string) => void;
}

/**
 * The proxy that a checked config asks for, with the built-ins and then the config's addons seated, not started.
 * @throws ConfigError when the settings contradict each other, or name a file that cannot be used
 */
export function proxyFrom(config: Settings, frontEnd: FrontEnd): MitmProxy {
  refuseToRecordOver(config);
  const { listen, mode, upstream, authority, limits, hookTimeout } = config;
  const ca = upstream?.ca === undefined ? {} : { ca: readCertificates(upstream.ca) };
  return new MitmProxy({
    warn: frontEnd.warn,
    upstream: { insecure: upstream?.insecure ?? false, ...ca },
    ...(listen && { listen }),
    ...(mode && { mode }),
    ...(authority !== undefined && { authority }),
    ...(limits && { limits }),
    ...(hookTimeout !== undefined && { hookTimeout }),
  }).use(...builtIns(config, frontEnd), ...config.addons);
}

/**
 * The built-ins that a config asks for, in the order of the pipeline. What can be changed while the proxy runs is there even when it has
 * nothing to do yet.
 */
export function builtIns(config: Omit<ReplayConfig, 'addons'>, { log, warn, onProgress }: FrontEnd): Addon[] {
  const { replay, record, limits, refresh = true, unmatched = 'forward' } = config;
  return [
    ...(log ? [new FlowLog(log)] : []),
    new ServerReplay({ ...replay, warn, ...(onProgress && { onProgress }) }),
    new ResponseRefresh({ enabled: refresh }),
    new KillUnmatched(unmatched),
    ...(record?.to === undefined ? [] : [new Recorder(recorderOptions(record, record.to, limits, warn))]),
  ];
}

/** The ServerReplay that a proxy has, unless another addon took its seat. */
export function serverReplayOf(proxy: MitmProxy): Pick<ServerReplay, 'entries' | 'remaining'> | undefined {
  const addon = proxy.addons.find(({ name }) => name === 'ServerReplay') as Partial<ServerReplay> | undefined;
  return Array.isArray(addon?.entries) ? (addon as ServerReplay) : undefined;
}

function recorderOptions(
  { fresh = true }: NonNullable<ReplayConfig['record']>,
  to: string,
  limits: ReplayConfig['limits'],
  warn: (line: string) => void,
) {
  const held = limits?.heldBody === undefined ? {} : { heldBody: limits.heldBody };
  return { to: to.replace(/^\+/, ''), append: to.startsWith('+'), fresh, warn, ...held };
}

function refuseToRecordOver({ replay, record }: Settings): void {
  const to = record?.to?.replace(/^\+/, '');
  const target = to === undefined ? undefined : statIfThere(to);
  const clash = replay?.from?.find((from) => {
    const source = statIfThere(from);
    return source && target && source.dev === target.dev && source.ino === target.ino;
  });
  if (clash === undefined) return;
  throw new ConfigError(`${to} cannot be recorded to while it is replayed from; record to another file`);
}

function readCertificates(path: string): string {
  let text: string;
  try {
    text = readFileSync(path, 'latin1');
  } catch (error) {
    throw new ConfigError(
      `upstream certificates ${path} cannot be read (${reasonOf(error)}); name a PEM file`,
      {
        cause: error,
      },
    );
  }
  if (text.includes('-----BEGIN CERTIFICATE-----')) return text;
  throw new ConfigError(
    `upstream certificates ${path}: no PEM certificate in it; name a file that has -----BEGIN CERTIFICATE-----`,
  );
}
