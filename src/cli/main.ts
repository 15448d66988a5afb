#!/usr/bin/env node
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import { userCacheFolder } from '../config/cache-folder';
import { keepCompiledCode } from './code-cache';
import { main } from './program'; // late
import { report } from './report'; // late

const codeFolder = cacheFolderFor('code');
if (codeFolder !== undefined)
  keepCompiledCode({
    folder: codeFolder,
    own: dirname(dirname(__dirname)),
    uid: process.getuid?.(),
    env: process.env,
  });

/** What a stream says whose reader, `head` perhaps, has seen enough. */
const READER_GONE = ['EPIPE', 'ERR_STREAM_DESTROYED'];

for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (!READER_GONE.includes(error.code ?? '')) throw error;
  });
}
process.on('uncaughtException', (error) => process.exit(report(error, process.stderr, true)));

void main(process.argv.slice(2)).then((code) => {
  // An addon's timers do not keep a run alive that is over; what is still to be written is.
  process.stdout.write('', () => process.exit(code));
});

/** Undefined for users without a home: the system says so by an error. */
function cacheFolderFor(name: string): string | undefined {
  try {
    return join(userCacheFolder(process.env, process.platform, homedir()), name);
  } catch {
    return undefined;
  }
}
