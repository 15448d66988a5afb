import type { IncomingMessage } from 'node:http';
import { HttpHeaders } from '../http/headers';
import { hasBody } from './request-framing';

/** HTTP/2 without TLS: clients that ask for it can do without (RFC 9110 §7.8). */
const IGNORED = /^h2c$/i;

/** The protocols that a request asks for and that can be passed on, in its order; none for most. */
export function protocolsOf(headers: HttpHeaders): string[] {
  return headers
    .getAll('upgrade')
    .flatMap((value) => value.split(','))
    .map((protocol) => protocol.trim())
    .filter((protocol) => protocol !== '' && !IGNORED.test(protocol));
}

/**
 * Whether a request for another protocol may get it. HTTP/1.0 knows of no such thing, and one with content is not worth the trouble: both are
 * answered as if they had not asked, which RFC 9110 §7.8 allows.
 */
export function isSwitchable({
  httpVersion,
  rawHeaders,
}: Pick<IncomingMessage, 'httpVersion' | 'rawHeaders'>): boolean {
  const headers = HttpHeaders.fromRaw(rawHeaders);
  return httpVersion !== '1.0' && !hasBody(headers) && protocolsOf(headers).length > 0;
}

/** The head of a request as it came, but for what asks for another protocol. */
export function headWithoutUpgrade({
  method,
  url,
  httpVersion,
  rawHeaders,
}: Pick<IncomingMessage, 'method' | 'url' | 'httpVersion' | 'rawHeaders'>): Buffer {
  const lines = [...HttpHeaders.fromRaw(rawHeaders)]
    .filter(([name]) => name.toLowerCase() !== 'upgrade')
    .map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.from(`${method} ${url} HTTP/${httpVersion}\r\n${lines.join('')}\r\n`, 'latin1');
}
