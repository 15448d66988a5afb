import type { HttpHeaders } from './headers';

/** Fields about one connection only, by lower-case name, beside those that `Connection` names (RFC 9110 §7.6.1). */
export const HOP_BY_HOP: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'te',
  'transfer-encoding',
  'upgrade',
]);

/** The options that `Connection` lists, lower-cased: names of fields about this connection only, and `close` (RFC 9110 §7.6.1). */
export function connectionOptions(headers: HttpHeaders): string[] {
  const options: string[] = [];
  for (const value of headers.getAll('connection'))
    for (const part of value.toLowerCase().split(',')) {
      const option = part.trim();
      if (option !== '') options.push(option);
    }
  return options;
}
