import { closeSync, fstatSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { RecordingError } from '../errors';
import { CLOSING, headLine } from './har-layout';
import { readWhole } from './har-reader';
import { locateEntries, onOneLine } from './har-slices';

/**
 * Gives a HAR of any layout one entry a line. The entries stay as they are, to the letter; the file is replaced in one step.
 * @throws RecordingError when it is no HAR; the file is then untouched.
 */
export function rewriteOnLines(path: string, named: string): void {
  const fd = openSync(path, 'r');
  try {
    const { size, mode } = fstatSync(fd);
    const whole = readWhole(fd, named, size);
    if (whole instanceof RecordingError) throw whole;
    const slices = locateEntries(whole.text);
    const temporary = `${path}.${process.pid}.tmp`;
    try {
      const out = openSync(temporary, 'wx', mode & 0o777);
      try {
        writeAll(out, headLine(whole.log, whole.root));
        slices.forEach(({ start, end }, index) => {
          writeAll(out, `${index === 0 ? '' : ','}\n${onOneLine(whole.text.slice(start, end))}`);
        });
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
  } finally {
    closeSync(fd);
  }
}

function writeAll(fd: number, text: string): void {
  const bytes = Buffer.from(text, 'utf8');
  for (let done = 0; done < bytes.length;) done += writeSync(fd, bytes, done);
}
