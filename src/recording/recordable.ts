import type { HeaderPair, HttpHeaders } from '../http/headers';

const TO_THE_PROXY = /^proxy-(?:authorization|connection)$/i;
const SHORTEST = 'proxy-connection'.length;

/** The lines that a recording may keep: those that a client sends to the proxy itself hold its credentials and say nothing about the exchange. */
export function recordable(headers: HttpHeaders): HeaderPair[] {
  return [...headers].filter(([name]) => name.length < SHORTEST || !TO_THE_PROXY.test(name));
}
