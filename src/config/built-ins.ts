import { FlowLog, type FlowLogOptions } from '../../addons/flow-log'; // late
import { KillUnmatched } from '../../addons/kill-unmatched';
import { Ledger } from '../../addons/ledger';
import { PassThrough } from '../../addons/pass-through';
import { Recorder } from '../../addons/recorder'; // late
import { ResponseRefresh } from '../../addons/response-refresh';
import { ServerReplay, type ServerReplayOptions, type Source } from '../../addons/server-replay';
import { ConfigError, reasonOf } from '../errors';
import { type Addon, MitmProxy } from '../proxy';
import type { ReplayConfig } from './define-config';
import type { Settings } from './load-config';
import { isSameFile } from './stat-if-there';
import { readUpstreamFiles } from './upstream-files';

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
  refuseToWriteOver(config);
  const { listen, listeners, mode, upstream, authority, limits, hookTimeout, sessions, offline } = config;
  return new MitmProxy({
    warn: frontEnd.warn,
    ...(upstream && { upstream: readUpstreamFiles(upstream) }),
    ...(listen && { listen }),
    ...(listeners && { listeners }),
    ...(mode && { mode }),
    ...(authority !== undefined && { authority }),
    ...(limits && { limits }),
    ...(sessions !== undefined && { sessions }),
    ...(offline !== undefined && { offline }),
    ...(hookTimeout !== undefined && { hookTimeout }),
  }).use(...builtIns(config, frontEnd), ...config.addons);
}

/**
 * The built-ins that a config asks for, in the order of the pipeline. What can be changed while the proxy runs is there even when it has
 * nothing to do yet.
 */
export function builtIns(config: Omit<ReplayConfig, 'addons'>, { log, warn, onProgress }: FrontEnd): Addon[] {
  const {
    replay,
    record,
    limits,
    refresh = true,
    unmatched = 'forward',
    sessions,
    report,
    ignoreHosts,
  } = config;
  const redact = record?.redact ?? [];
  const serverReplay = new ServerReplay({
    ...replay,
    from: sourcesOf(config),
    sessions: sessions !== false,
    warn,
    ...(onProgress && { onProgress }),
    ...(limits?.requestBody !== undefined && { firstMessage: limits.requestBody }),
    ...(limits?.decodedBody !== undefined && { decodedBody: limits.decodedBody }),
  });
  return [
    ...(log ? [new FlowLog({ ...log, redact })] : []),
    serverReplay,
    new ResponseRefresh({
      enabled: refresh,
      ...(limits?.decodedBody !== undefined && { decodedBody: limits.decodedBody }),
    }),
    new KillUnmatched(unmatched),
    new PassThrough(ignoreHosts),
    ...(record?.to === undefined ? [] : [new Recorder(recorderOptions(record, record.to, limits, warn))]),
    ...(record?.mode === 'missing' ? [recordedNow(serverReplay, warn)] : []),
    new Ledger({ warn, redact, ...(report !== undefined && { file: report }) }),
  ];
}

/** Lets what is recorded answer in the same run, as far as it may be used more than once. */
function recordedNow(serverReplay: ServerReplay, warn: FrontEnd['warn']): Addon {
  const name = 'RecordedNow';
  return {
    name,
    apply: (proxy) =>
      Recorder.hooks(proxy).written.tap(name, (recorded, { session }) => {
        serverReplay.add(recorded, session).catch((error: unknown) => warn(reasonOf(error)));
      }),
  };
}

/** A recording that is not there yet has no entries. */
function sourcesOf({ replay, record }: Omit<ReplayConfig, 'addons'>): Source[] {
  const from = replay?.from ?? [];
  const path = record?.to?.replace(/^\+/, '');
  if (record?.mode !== 'missing' || path === undefined || from.includes(path)) return from;
  return [...from, { path, format: 'har', flows: [], warnings: [], unreadable: 0, close: () => {} }];
}

/** The ServerReplay that a proxy has, unless another addon took its seat. */
export function serverReplayOf(
  proxy: MitmProxy,
): Pick<ServerReplay, 'entries' | 'remaining' | 'load'> | undefined {
  const addon = proxy.addons.find(({ name }) => name === 'ServerReplay') as Partial<ServerReplay> | undefined;
  return Array.isArray(addon?.entries) ? (addon as ServerReplay) : undefined;
}

/** The Ledger that a proxy has, unless another addon took its seat. */
export function ledgerOf(proxy: MitmProxy): Pick<Ledger, 'counts' | 'report'> | undefined {
  const addon = proxy.addons.find(({ name }) => name === 'Ledger') as Partial<Ledger> | undefined;
  return typeof addon?.report === 'function' ? (addon as Ledger) : undefined;
}

function recorderOptions(
  { fresh = true, redact = [], mode }: NonNullable<ReplayConfig['record']>,
  to: string,
  limits: ReplayConfig['limits'],
  warn: (line: string) => void,
) {
  const { heldBody, decodedBody } = limits ?? {};
  const sizes = {
    ...(heldBody !== undefined && { heldBody }),
    ...(decodedBody !== undefined && { decodedBody }),
  };
  const whileRead = mode === 'missing';
  return { to: to.replace(/^\+/, ''), append: to.startsWith('+'), whileRead, fresh, redact, warn, ...sizes };
}

function refuseToWriteOver({ replay, record, report }: Settings): void {
  const to = record?.to?.replace(/^\+/, '');
  const from = replay?.from ?? [];
  if (report !== undefined && [to, ...from].some((file) => file !== undefined && isSameFile(file, report)))
    throw new ConfigError(`${report} is a recording in this run; name another file for the report`);
  if (to === undefined || record?.mode === 'missing' || !from.some((file) => isSameFile(file, to))) return;
  throw new ConfigError(
    `${to} cannot be recorded to while it is replayed from; record to another file, or what it misses with --record-missing`,
  );
}
