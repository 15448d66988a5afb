/** Our version, as `package.json` has it. Asked for by name, so that the compiler does not copy the file into `dist`. */
// eslint-disable-next-line @typescript-eslint/no-require-imports -- it would copy what is imported
export const VERSION: string = (require('replay-proxy/package.json') as { version: string }).version;
