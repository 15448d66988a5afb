import { existsSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { RecordingError, reasonOf } from '../errors';
import { cannotWrite } from './cannot-write';
import { openRecording, openWriter } from './open-recording';
import type { RecordedFlow } from './recorded-flow';
import type { LoadProgress } from './recording';

/** After how many flows the event loop gets its turn. */
const TURN = 500;

/** What was converted. */
export interface Conversion {
  /** How many flows the new recording has. */
  readonly flows: number;
  /** What was skipped or dropped on the way, a line each. */
  readonly warnings: string[];
  /** Entries of `from` that could not be read, and are missing now. */
  readonly unreadable: number;
}

/**
 * Writes the recording `from` once more as `to`, in the format that the name `to` asks for, each flow as `change` makes it. The new file appears whole or not at
 * all.
 * @throws RecordingError when `from` cannot be read, or `to` is there already or cannot be written.
 */
export async function convertRecording(
  from: string,
  to: string,
  options: { onProgress?: LoadProgress; change?: (flow: RecordedFlow) => RecordedFlow } = {},
): Promise<Conversion> {
  refuseToReplace(from, to);
  const { onProgress, change = (flow) => flow } = options;
  const recording = await openRecording(from, onProgress ? { onProgress } : {});
  let folder: string | undefined;
  try {
    // In a folder of its own under its final name, since a HAR names the files of its large bodies after itself.
    folder = temporaryBeside(to);
    const writer = openWriter(join(folder, basename(to)), {
      append: false,
    });
    try {
      for (const [index, flow] of recording.flows.entries()) {
        writer.append(change(flow));
        if (index % TURN === TURN - 1) await setImmediate();
      }
    } finally {
      writer.close();
    }
    moveAll(folder, to);
    const { flows, warnings, unreadable } = recording;
    return { flows: flows.length, warnings: [...warnings, ...writer.warnings], unreadable };
  } catch (error) {
    // The user has never heard of that folder.
    const message = folder ? reasonOf(error).replaceAll(join(folder, basename(to)), to) : reasonOf(error);
    throw new RecordingError(message, { cause: error });
  } finally {
    if (folder) rmSync(folder, { recursive: true, force: true });
    recording.close();
  }
}

function refuseToReplace(from: string, to: string): void {
  const target = statSync(to, { throwIfNoEntry: false });
  if (!target) return;
  const source = statSync(from, { throwIfNoEntry: false });
  if (source && source.dev === target.dev && source.ino === target.ino) {
    throw new RecordingError(`recording ${to} is the one to convert; name another file to write`);
  }
  throw new RecordingError(`recording ${to} is there already; delete it or name another file to write`);
}

function temporaryBeside(to: string): string {
  try {
    return mkdtempSync(join(dirname(to), '.convert-'));
  } catch (error) {
    throw cannotWrite(to, error);
  }
}

// What the recording refers to first, itself last.
function moveAll(folder: string, to: string): void {
  const name = basename(to);
  const names = [...readdirSync(folder).filter((other) => other !== name), name];
  for (const one of names) {
    const place = join(dirname(to), one);
    if (existsSync(place))
      throw new RecordingError(`${place} is there already; delete it or name another file to write`);
    renameSync(join(folder, one), place);
  }
}
