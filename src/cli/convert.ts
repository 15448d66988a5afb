import { escapeControls } from '../escape-controls';
import { convertRecording } from '../recording/convert';
import { Redaction } from '../redaction/redaction';
import { LoadProgressBar } from './progress';

/** `replay convert <in> <out> [--redact …]`; gives the exit code, 2 when something could not be read. */
export async function convert(from: string, to: string, redact: readonly string[]): Promise<number> {
  const redaction = new Redaction(redact);
  const bar = new LoadProgressBar(process.stderr);
  try {
    const { flows, warnings, unreadable } = await convertRecording(from, to, {
      onProgress: (read, total) => bar.update(read, total, from),
      change: (flow) => redaction.apply(flow),
    });
    bar.stop();
    for (const line of warnings) process.stderr.write(`replay: ${escapeControls(line)}\n`);
    process.stdout.write(
      `${flows} ${flows === 1 ? 'exchange' : 'exchanges'} written to ${escapeControls(to)}\n`,
    );
    return unreadable > 0 ? 2 : 0;
  } finally {
    bar.stop();
  }
}
