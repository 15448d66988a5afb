import { ConfigError } from '../errors';
import { openRecording } from '../recording/open-recording';
import { Redaction } from '../redaction/redaction';
import type { Settings } from './load-config';
import { statIfThere } from './stat-if-there';

/** Bytes up to which a file may turn out to be a recording without entries. */
const MAYBE_EMPTY = 64 * 1024;

/**
 * Settings in which `offline` and the mode of recording have become plain ones: what to replay from, whether and how to record, what happens
 * with the rest.
 * @throws ConfigError when they contradict each other, or a name cannot be redacted
 */
export async function resolveModes(config: Settings): Promise<Settings> {
  const { record } = config;
  const mode = record?.mode ?? 'all';
  // What is wrong with a name is to be told, whether anything is recorded or not.
  new Redaction(record?.redact ?? []);
  if (!record?.to) {
    if (mode === 'all') return offlineSettings(config);
    throw new ConfigError(`record mode ${mode} needs a file; name it with record.to`);
  }
  const file = record.to.replace(/^\+/, '');
  if (mode === 'missing') return offlineSettings(await missingSettings(config, file));
  if (mode === 'once') return offlineSettings(await onceSettings(config, file));
  if (config.offline) throw nothingToRecord(file);
  return config;
}

/** Nothing leaves: what nobody answers is killed, unless it is to be answered otherwise. */
function offlineSettings(config: Settings): Settings {
  const { unmatched = 'forward' } = config;
  return config.offline && unmatched === 'forward' ? { ...config, unmatched: 'kill' } : config;
}

/** Replays the file if it is there, and goes on with it. */
async function missingSettings(config: Settings, file: string): Promise<Settings> {
  const { unmatched = 'forward', offline, record, replay, ...rest } = config;
  const from = statIfThere(file) ? [...(replay?.from ?? []), file] : (replay?.from ?? []);
  const settings = { ...rest, replay: { ...replay, from: [...new Set(from)] } };
  if (offline) return { ...settings, offline, unmatched };
  if (unmatched === 'kill' || typeof unmatched === 'number')
    throw new ConfigError(
      `record mode missing asks upstream for what ${file} has no answer to, but unmatched is ${unmatched}; leave one of them out`,
    );
  return { ...settings, unmatched, record: { ...record, to: `+${file}` } };
}

/** Records everything if the file has nothing yet; else replays it and lets nothing out. */
async function onceSettings(config: Settings, file: string): Promise<Settings> {
  const { unmatched, record, replay, ...rest } = config;
  const isSimple = unmatched === undefined || typeof unmatched === 'number' || typeof unmatched === 'string';
  if (await hasEntries(file)) {
    const from = [...new Set([...(replay?.from ?? []), file])];
    const strictly = unmatched === undefined || unmatched === 'forward' ? 'kill' : unmatched;
    return { ...rest, replay: { ...replay, from }, unmatched: strictly, record: { mode: 'once' } };
  }
  if (config.offline) throw nothingToRecord(file);
  return {
    ...rest,
    ...(replay && { replay }),
    unmatched: isSimple ? 'forward' : unmatched,
    record: { ...record, to: file },
  };
}

async function hasEntries(file: string): Promise<boolean> {
  const { size } = statIfThere(file) ?? { size: 0 };
  if (size === 0 || size > MAYBE_EMPTY) return size > 0;
  const recording = await openRecording(file);
  recording.close();
  return recording.flows.length > 0;
}

function nothingToRecord(file: string): ConfigError {
  return new ConfigError(
    `offline, nothing leaves that could be recorded to ${file}; record without --offline first`,
  );
}
