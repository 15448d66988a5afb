import { type HttpHeaders, isFieldValue } from '../http/headers';
import { headerBlockLength } from './header-block';
import { isLength } from './request-framing';

/** The head of a response as undici's parser leaves it, and the bytes that it stood in. */
export interface ResponseHead {
  readonly status: number;
  readonly reason: string;
  readonly headers: HttpHeaders;
  /** Of its status line: `HTTP/1.1`. */
  readonly protocol: string;
}

/** What is wrong with a response that undici's parser has let through, to go behind the name of its server; undefined for one that is fit. */
export function unfitResponse(
  { status, reason, headers, protocol }: ResponseHead,
  limits: { readonly headerBlock: number },
): string | undefined {
  if (protocol !== 'HTTP/1.1' && protocol !== 'HTTP/1.0')
    return `sent what is no HTTP/1.1 response, but one of ${protocol}`;
  if (!isFieldValue(reason))
    return 'sent what is no HTTP/1.1 response: its reason phrase holds a control character';
  if (headerBlockLength(`${protocol} ${status} ${reason}`, headers.toRaw()) > limits.headerBlock)
    return `sent a header block of more than ${limits.headerBlock} bytes`;
  if (headers.getAll('content-length').some((length) => !isLength(length.trim())))
    return 'sent what is no HTTP/1.1 response: its Content-Length is no plain decimal number';
  const coding = headers.folded('transfer-encoding');
  if (coding === undefined) return undefined;
  // RFC 9112 §6.1: the framing of such a message is faulty.
  if (protocol === 'HTTP/1.0') return 'sent a response of HTTP/1.0 with a transfer coding';
  if (coding.trim().toLowerCase() === 'chunked') return undefined;
  return `sent a response in a transfer coding that is not read here: ${coding}`;
}

/** Name and version at the start of the status line of a response of this status, whose head is in these bytes. */
export function protocolOf(status: number, head: readonly Buffer[]): string {
  const start = head[0]?.toString('latin1', 0, 16) ?? '';
  if (start.startsWith(`HTTP/1.1 ${status} `)) return 'HTTP/1.1';
  const line = new RegExp(`^([A-Z]{3,4}/\\d\\.\\d) ${status}(?![0-9])`, 'm');
  return (line.exec(start) ?? line.exec(Buffer.concat(head).toString('latin1')))?.[1] ?? 'HTTP/1.1';
}
