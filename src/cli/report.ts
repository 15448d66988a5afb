import { inspect } from 'node:util';
import { ReplayError, reasonOf } from '../errors';
import { escapeControls } from '../escape-controls';

/** Bad input: what the user gave us cannot be used. */
const BAD_INPUT = 2;
const INTERNAL = 1;

/**
 * Says in one line what went wrong, and gives the exit code for it. `verbose` adds where, for what is not the user's input or when
 * the user asked.
 */
export function report(error: unknown, stream: NodeJS.WritableStream, verbose: boolean): number {
  const isInput = error instanceof ReplayError;
  const kind = isInput ? '' : 'internal error: ';
  stream.write(`replay: ${kind}${escapeControls(reasonOf(error))}\n`);
  if (verbose) stream.write(`${inspect(error).split('\n').map(escapeControls).join('\n')}\n`);
  else if (!isInput) stream.write('replay: -v shows where\n');
  return isInput ? BAD_INPUT : INTERNAL;
}
