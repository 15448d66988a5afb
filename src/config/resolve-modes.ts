import type { Unmatched, UnmatchedAction } from '../../addons/kill-unmatched';
import { whyUnusable } from '../../addons/server-replay';
import { ConfigError } from '../errors';
import { openRecording } from '../recording/open-recording';
import { isUnfinished } from '../recording/unfinished';
import { Redaction } from '../redaction/redaction';
import type { Settings } from './load-config';
import { isSameFile, statIfThere } from './stat-if-there';

/** What modes are resolved with. */
export interface ModeOptions {
  /** Takes one line about a recording. */
  readonly warn: (line: string) => void;
  /** The command line has the mode: it stands before what a config says about requests that nobody answers. */
  readonly isModeOfFlag: boolean;
}

/** Bytes up to which a file may turn out to be a recording that answers nothing. */
const MAYBE_EMPTY = 64 * 1024;

/**
 * Settings in which `offline` and the mode of recording have become plain ones: what to replay from, whether and how to record, what happens
 * with the rest.
 * @throws ConfigError when they contradict each other, or a name cannot be redacted
 */
export async function resolveModes(config: Settings, { warn, isModeOfFlag }: ModeOptions): Promise<Settings> {
  const { record } = config;
  const mode = record?.mode ?? 'all';
  // What is wrong with a name is to be told, whether anything is recorded or not.
  new Redaction(record?.redact ?? []);
  if (!record?.to) {
    if (mode === 'all') return offlineSettings(config);
    throw new ConfigError(`record mode ${mode} needs a file; name it with record.to`);
  }
  const file = record.to.replace(/^\+/, '');
  if (mode === 'missing') return offlineSettings(missingSettings(config, file, isModeOfFlag));
  if (mode === 'once') return offlineSettings(await onceSettings(config, file, warn));
  if (config.offline) throw nothingToRecord(file);
  return config;
}

/** Nothing leaves: what nobody answers is killed, unless it is to be answered otherwise. */
function offlineSettings(config: Settings): Settings {
  const { unmatched = 'forward' } = config;
  return config.offline && unmatched === 'forward' ? { ...config, unmatched: 'kill' } : config;
}

/** Replays the file if it is there, and goes on with it. */
function missingSettings(config: Settings, file: string, isModeOfFlag: boolean): Settings {
  const { unmatched = 'forward', offline, record, replay, ...rest } = config;
  const from = otherSources(replay, file);
  const settings = { ...rest, replay: { ...replay, from: isFilled(file) ? [...from, file] : from } };
  if (offline) return { ...settings, offline, unmatched, record: kept(record) };
  const refusal = actionForAll(unmatched);
  if (isModeOfFlag)
    return { ...settings, unmatched: freely(unmatched), record: { ...record, to: `+${file}` } };
  if (refusal !== undefined && refusal !== 'forward')
    throw new ConfigError(
      `record mode missing asks upstream for what ${file} has no answer to, but unmatched is ${refusal}; leave one of them out`,
    );
  return { ...settings, unmatched, record: { ...record, to: `+${file}` } };
}

/** Records everything if the file has nothing yet; else replays it and lets nothing out. */
async function onceSettings(config: Settings, file: string, warn: ModeOptions['warn']): Promise<Settings> {
  const { unmatched, record, replay, ...rest } = config;
  const from = otherSources(replay, file);
  if (await hasAnswers(file)) {
    if (isUnfinished(file))
      warn(
        `recording ${file} was not finished (its recorder was killed, or still runs); to record anew, delete it`,
      );
    const settings = { ...rest, replay: { ...replay, from: [...from, file] } };
    return { ...settings, unmatched: strictly(unmatched), record: { ...kept(record), mode: 'once' } };
  }
  if (config.offline) throw nothingToRecord(file);
  return {
    ...rest,
    ...(replay && { replay: { ...replay, from } }),
    unmatched: freely(unmatched),
    // Whatever there is stays.
    record: { ...record, to: statIfThere(file) ? `+${file}` : file },
  };
}

/** What of the recorder's settings also holds for what is told of a run. */
function kept(record: Settings['record']): NonNullable<Settings['record']> {
  return record?.redact ? { redact: record.redact } : {};
}

/** What happens with all that no more special rule is for; undefined when a function decides. */
function actionForAll(unmatched: Unmatched): UnmatchedAction | undefined {
  if (typeof unmatched === 'function') return undefined;
  if (typeof unmatched !== 'object') return unmatched;
  return unmatched.find(({ match }) => match === undefined)?.verdict ?? 'forward';
}

/** As it is, but what would be forwarded because nothing was said about it is killed. */
function strictly(unmatched: Unmatched = 'kill'): Unmatched {
  if (typeof unmatched === 'function') return async (flow) => (await unmatched(flow)) ?? 'kill';
  if (typeof unmatched === 'object')
    return [
      ...unmatched.filter((rule) => rule.match !== undefined || rule.verdict !== 'forward'),
      { verdict: 'kill' },
    ];
  return unmatched === 'forward' ? 'kill' : unmatched;
}

/** Forwarding, but for what rules of their own are for. */
function freely(unmatched: Unmatched | undefined): Unmatched {
  return typeof unmatched === 'object' ? unmatched.filter(({ match }) => match !== undefined) : 'forward';
}

function isFilled(file: string): boolean {
  return (statIfThere(file)?.size ?? 0) > 0;
}

function otherSources(replay: Settings['replay'], file: string): string[] {
  return [...new Set(replay?.from)].filter((from) => !isSameFile(from, file));
}

/** Whether there is an entry that can answer. A large file is taken at its word. */
async function hasAnswers(file: string): Promise<boolean> {
  const { size } = statIfThere(file) ?? { size: 0 };
  if (size === 0 || size > MAYBE_EMPTY) return size > 0;
  const recording = await openRecording(file);
  recording.close();
  return recording.flows.some((flow) => whyUnusable(flow) === undefined);
}

function nothingToRecord(file: string): ConfigError {
  return new ConfigError(
    `offline, nothing leaves that could be recorded to ${file}; record without --offline first`,
  );
}
