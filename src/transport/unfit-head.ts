import { headerBlockLength } from './header-block';
import type { Limits } from './options';
import type { RawHead } from './request-head';
import type { Refusal } from './refusal';
import { longHead } from './server-settings';

/** Why a head is not taken that Node's HTTP/1 parser has let through; undefined for one that is. */
export function unfitHead(head: RawHead, limits: Pick<Limits, 'headerBlock'>): Refusal | undefined {
  const { method, target, httpVersion, rawHeaders } = head;
  // The parser reads RTSP and ICE too, and tells of neither; SOURCE is a method of ICE alone.
  const isHttp1 = (httpVersion === '1.0' || httpVersion === '1.1') && method !== 'SOURCE';
  if (!isHttp1) return { status: 400, sentence: 'this is no request of HTTP/1.0 or HTTP/1.1' };
  const startLine = `${method} ${target} HTTP/${httpVersion}`;
  if (headerBlockLength(startLine, rawHeaders) > limits.headerBlock) return longHead(limits);
  // A server of HTTP/1.0 knows no Expect (RFC 9110 §10.1.1).
  return httpVersion === '1.0' ? undefined : expectProblem(rawHeaders);
}

/** Why a request is not taken that expects more than 100 (RFC 9110 §10.1.1); undefined for one that does not. */
export function expectProblem(rawHeaders: readonly string[]): Refusal | undefined {
  if (expectations(rawHeaders).every((one) => one === '100-continue')) return undefined;
  return { status: 417, sentence: 'the only Expect taken is 100-continue' };
}

const EXPECT = 'expect';

function expectations(rawHeaders: readonly string[]): string[] {
  const said: string[] = [];
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const name = rawHeaders[at]!;
    if (name.length === EXPECT.length && name.toLowerCase() === EXPECT)
      said.push(...rawHeaders[at + 1]!.split(','));
  }
  return said.map((one) => one.trim().toLowerCase());
}
