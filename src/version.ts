import { createRequire } from 'node:module';

/** Our version, as `package.json` has it. Asked for by name, so that the compiler does not copy the file into `dist`. */
export const VERSION: string = (createRequire(__filename)('replay-proxy/package.json') as { version: string })
  .version;
