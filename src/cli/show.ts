import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ConfigError } from '../errors';
import { escapeControls } from '../escape-controls';
import { openRecording } from '../recording/open-recording';
import type { RecordedFlow } from '../recording/recorded-flow';
import { exchangeJson, exchangeText } from './exchange-text';
import { flowJson, flowLine } from './flow-line';
import { LoadProgressBar } from './progress';

/**
 * `replay show <file> [n] [--json]`: a line for each exchange, or the one of that number whole. Gives the exit code, 2 when something
 * could not be read.
 */
export async function show(path: string, n: string | undefined, json: boolean): Promise<number> {
  const bar = new LoadProgressBar(process.stderr);
  const recording = await openRecording(path, {
    onProgress: (read, total) => bar.update(read, total, path),
  }).finally(() => bar.stop());
  try {
    for (const line of recording.warnings) process.stderr.write(`replay: ${escapeControls(line)}\n`);
    const text =
      n === undefined
        ? lines(recording.flows, json)
        : [(json ? exchangeJson : exchangeText)(theOne(recording.flows, path, n))];
    await pipeline(Readable.from(text), process.stdout, { end: false });
  } catch (error) {
    // The reader, `head` perhaps, has seen enough.
    if ((error as NodeJS.ErrnoException).code !== 'EPIPE') throw error;
  } finally {
    recording.close();
  }
  return recording.unreadable > 0 ? 2 : 0;
}

function* lines(flows: readonly RecordedFlow[], json: boolean): Generator<string> {
  const width = String(flows.at(-1)?.number ?? 0).length;
  for (const flow of flows) {
    yield json ? `${JSON.stringify(flowJson(flow))}\n` : `${flowLine(flow, width)}\n`;
  }
}

function theOne(flows: readonly RecordedFlow[], path: string, n: string): RecordedFlow {
  const flow = flows.find(({ number }) => String(number) === n);
  if (flow) return flow;
  const there = flows.length === 0 ? 'none' : `${flows[0]?.number} to ${flows.at(-1)?.number}`;
  throw new ConfigError(`recording ${path} has no exchange ${n}; there are ${there}`);
}
