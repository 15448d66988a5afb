import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { whyUnusable } from '../../addons/server-replay/usable';
import { escapeControls } from '../escape-controls';
import type { Finding } from '../lint/finding';
import { lintRecording } from '../lint/lint-recording';
import { openRecording } from '../recording/open-recording';
import { LoadProgressBar } from './progress';

const MOST_NUMBERS = 5;

/**
 * `replay lint <recording> [--json]`: the weak spots of a recording, each with what helps. Gives the exit code: 1 when there is one, 2 when
 * something could not be read.
 * @throws RecordingError when nothing can be read.
 */
export async function lint(path: string, json: boolean): Promise<number> {
  const bar = new LoadProgressBar(process.stderr);
  const recording = await openRecording(path, {
    onProgress: (read, total) => bar.update(read, total, path),
  }).finally(() => bar.stop());
  let count = 0;
  try {
    for (const line of recording.warnings) process.stderr.write(`replay: ${escapeControls(line)}\n`);
    const findings = lintRecording(recording.flows, { now: Date.now(), whyUnusable });
    count = findings.length;
    const text = json
      ? findings.map((finding) => `${JSON.stringify(finding)}\n`)
      : [...findings.map(findingText), `${summary(count, recording.flows.length)}\n`];
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

function summary(findings: number, entries: number): string {
  const found = findings === 0 ? 'nothing found' : counted(findings, 'finding', 'findings');
  return `${found} in ${counted(entries, 'entry', 'entries')}`;
}

function counted(count: number, one: string, many: string): string {
  return `${count} ${count === 1 ? one : many}`;
}
