import { readHead, SEAL } from './har-layout';
import { RecordingFile } from './recording-file';

/**
 * True for a HAR of ours whose recorder was killed, or still writes. Other recordings do not tell.
 * @throws RecordingError when it cannot be read.
 */
export function isUnfinished(path: string): boolean {
  const file = new RecordingFile(path);
  try {
    const at = readHead(file)?.sealAt;
    return at !== undefined && file.read(at, SEAL.open.length).toString('latin1') === SEAL.open;
  } finally {
    file.close();
  }
}
