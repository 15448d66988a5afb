import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Policies, whyUnusable } from '../../addons/server-replay';
import { escapeControls } from '../escape-controls';
import type { Finding, Setting } from '../lint/finding';
import { lintRecording } from '../lint/lint-recording';
import { settingText } from '../lint/suggestions';
import { openRecording } from '../recording/open-recording';
import { shellQuote } from '../shell-quote';
import { LoadProgressBar } from './progress';
import { settingsFor } from './settings';

const MOST_NUMBERS = 5;

/** What the command line of `replay lint` says, by commander's names. */
export interface LintFlags {
  json?: boolean;
  ignore?: string[];
  config?: string | false;
}

/**
 * `replay lint <recording>`: the weak spots of a recording under the rules of the config, each with what helps. Gives the exit code: 1 when
 * there is one, 2 when something could not be read.
 * @throws RecordingError when nothing can be read.
 */
export async function lint(path: string, { json = false, ignore, config: file }: LintFlags): Promise<number> {
  const { config } = await settingsFor({ replay: { ignore } }, file);
  const policies = new Policies({ headers: [], ignore: [], reuse: 'never', rules: [], ...config.replay });
  const bar = new LoadProgressBar(process.stderr);
  const recording = await openRecording(path, {
    onProgress: (read, total) => bar.update(read, total, path),
  }).finally(() => bar.stop());
  let count = 0;
  try {
    for (const line of recording.warnings) process.stderr.write(`replay: ${escapeControls(line)}\n`);
    const findings = lintRecording(recording.flows, {
      now: Date.now(),
      whyUnusable,
      policyOf: (request) => policies.of(request),
    });
    count = findings.length;
    const text = json
      ? findings.map((finding) => `${JSON.stringify(finding)}\n`)
      : [
          ...findings.map(findingText),
          `${summary(count, recording.flows.length)}\n`,
          ...pasted(findings, path),
        ];
    await pipeline(Readable.from(text), process.stdout, { end: false });
  } catch (error) {
    // The reader, `head` perhaps, has seen enough.
    if ((error as NodeJS.ErrnoException).code !== 'EPIPE') throw error;
  } finally {
    recording.close();
  }
  if (recording.unreadable > 0) return 2;
  return count > 0 ? 1 : 0;
}

function findingText({ kind, numbers, place, what, suggestion }: Finding): string {
  const shown = numbers.slice(0, MOST_NUMBERS).map((number) => `#${number}`);
  if (numbers.length > MOST_NUMBERS) shown.push('…');
  const sentence = [...shown, place, what].filter((part) => part !== '').join(' ');
  return `${kind}: ${escapeControls(sentence)}\n    ${escapeControls(suggestion)}\n`;
}

/** All settings that are suggested, to be pasted at once. */
function pasted(findings: readonly Finding[], path: string): string[] {
  const flags = (...wanted: Setting['flag'][]) => {
    const settings = findings.flatMap(({ setting }) =>
      setting && wanted.includes(setting.flag) ? [setting] : [],
    );
    return [...new Set(settings.map(settingText))].map(escapeControls).join(' ');
  };
  const [replay, clean] = [flags('--ignore', '--rheader'), flags('--redact')];
  const named = escapeControls(shellQuote(path));
  return [
    ...(replay === '' ? [] : [`when it is replayed: ${replay}\n`]),
    ...(clean === '' ? [] : [`to clean it: replay convert ${named} clean.har ${clean}\n`]),
  ];
}

function summary(findings: number, entries: number): string {
  const found = findings === 0 ? 'nothing found' : counted(findings, 'finding', 'findings');
  return `${found} in ${counted(entries, 'entry', 'entries')}`;
}

function counted(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}
