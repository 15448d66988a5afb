import { closeSync, fsyncSync, openSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';
import { RecordingError } from '../errors';
import { CLOSING, headLine } from './har-layout';
import { readWhole, type WholeHar } from './har-reader';
import { RecordingFile } from './recording-file';
import { locateEntries, onOneLine } from './har-slices';

/**
 * Gives a HAR of any layout one entry a line. The entries stay as they are, to the letter; the file is replaced in one step.
 * @throws RecordingError when it is no HAR; the file is then untouched.
 */
export function rewriteOnLines(path: string): void {
  const file = new RecordingFile(path);
  let whole: WholeHar | RecordingError;
  try {
    whole = readWhole(file);
  } finally {
    file.close();
  }
  if (whole instanceof RecordingError) throw whole;
  const { text, log, root } = whole;
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    const out = openSync(temporary, 'wx', statSync(path).mode & 0o777);
    try {
      writeAll(out, headLine(log, root));
      for (const [index, { start, end }] of locateEntries(text).entries()) {
        writeAll(out, `${index === 0 ? '' : ','}\n${onOneLine(text.slice(start, end))}`);
      }
      writeAll(out, CLOSING);
      fsyncSync(out);
    } finally {
      closeSync(out);
    }
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

function writeAll(fd: number, text: string): void {
  const bytes = Buffer.from(text, 'utf8');
  for (let done = 0; done < bytes.length;) done += writeSync(fd, bytes, done);
}
