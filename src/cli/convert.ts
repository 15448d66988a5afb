import { escapeControls } from '../escape-controls';
import { convertRecording } from '../recording/convert';
import { LoadProgressBar } from './progress';

/** `replay convert <in> <out>`; gives the exit code, 2 when something could not be read. */
export async function convert(from: string, to: string): Promise<number> {
  const bar = new LoadProgressBar(process.stderr);
  try {
    const { flows, warnings, unreadable } = await convertRecording(from, to, {
      onProgress: (read, total) => bar.update(read, total, from),
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
