import { existsSync } from 'node:fs';
import { extname } from 'node:path';
import { RecordingError } from '../errors';
import { openHar } from './har-reader';
import { openHarWriter } from './har-writer'; // late
import { openMitmproxy } from './mitmproxy-reader'; // late
import { openMitmproxyWriter } from './mitmproxy-writer'; // late
import type { LoadProgress, Recording, RecordingWriter } from './recording';
import { RecordingFile } from './recording-file';

const DUMP_NAMES = ['.mitm', '.flow', '.dump'];
const HEAD = 4096;

type Format = Recording['format'];

/**
 * Opens a recording of any kind; the kind is told by its content. An empty file is a recording without flows.
 * @throws RecordingError when there is no such file, it cannot be read, is no recording, or is cut off before its first flow ends.
 */
export async function openRecording(
  path: string,
  options: { onProgress?: LoadProgress } = {},
): Promise<Recording> {
  const found = formatOfContent(path);
  if (found === 'empty') return emptyRecording(path);
  // A name that says HAR gets the HAR reader's line and column of what is wrong.
  if (found === 'har' || (found === 'other' && extname(path).toLowerCase() === '.har'))
    return openHar(path, options);
  if (found === 'mitmproxy') return openMitmproxy(path, options);
  throw new RecordingError(`recording ${path}: ${OTHER[found]}`);
}

/**
 * Opens a recording for writing: `.mitm`, `.flow` and `.dump` are mitmproxy dumps, all others HAR; a file that is to be gone on with
 * keeps its kind; `whileRead` lets it be a file that this process reads, whose entries stay where they are. `version` is for a HAR's creator, ours unless told.
 * @throws RecordingError when it cannot be written, or a file of that name holds something else than a recording.
 */
export function openWriter(
  path: string,
  options: { append: boolean; whileRead?: boolean; version?: string; decodedBody?: number },
): RecordingWriter {
  const existing = formatOfExisting(path);
  const format = (options.append ? existing : undefined) ?? formatOfName(path);
  return format === 'har' ? openHarWriter(path, options) : openMitmproxyWriter(path, options);
}

/** The kind of recording that a name asks for. */
export function formatOfName(path: string): Format {
  return DUMP_NAMES.includes(extname(path).toLowerCase()) ? 'mitmproxy' : 'har';
}

const OTHER = {
  gzip: 'is compressed with gzip; unpack it first',
  zip: 'is a zip archive; unpack it first',
  other: 'is neither a HAR nor a mitmproxy dump; check the file',
} as const;

function formatOfContent(path: string): Format | keyof typeof OTHER | 'empty' {
  const head = headOf(path);
  if (head === '') return 'empty';
  if (head.startsWith('\x1f\x8b')) return 'gzip';
  if (head.startsWith('PK\x03\x04')) return 'zip';
  if (/^(\xef\xbb\xbf)?\s*\{/.test(head)) return 'har';
  return /^\d{1,10}(:|$)/.test(head) ? 'mitmproxy' : 'other';
}

function headOf(path: string): string {
  const file = new RecordingFile(path);
  try {
    return file.read(0, Math.min(HEAD, file.size)).toString('latin1');
  } finally {
    file.close();
  }
}

/** What is there already; nothing but a recording is ever overwritten. */
function formatOfExisting(path: string): Format | undefined {
  if (!existsSync(path)) return undefined;
  const found = formatOfContent(path);
  if (found === 'empty') return undefined;
  if (found === 'mitmproxy' || (found === 'har' && headOf(path).includes('"log"'))) return found;
  throw new RecordingError(
    `${path} holds something else than a recording; move it away, or record to another file`,
  );
}

function emptyRecording(path: string): Recording {
  const warnings = [`recording ${path}: is empty`];
  return { path, format: formatOfName(path), flows: [], warnings, unreadable: 0, close: () => {} };
}
