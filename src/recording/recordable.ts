import type { HeaderPair, HttpHeaders } from '../http/headers';

/** The lines that a recording may keep: those that a client sends to the proxy itself hold its credentials and say nothing about the exchange. */
export function recordable(headers: HttpHeaders): HeaderPair[] {
  return [...headers].filter(([name]) => !/^proxy-(?:authorization|connection)$/i.test(name));
}
