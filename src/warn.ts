import { escapeControls } from './escape-controls';

/** Writes one line to standard error, control characters written out: where warnings go unless told. */
export function warnOnStderr(line: string): void {
  process.stderr.write(`${escapeControls(line)}\n`);
}
