import type { HttpHeaders } from '../http/headers';
import type { Refusal } from './refusal';

const bad = (sentence: string): Refusal => ({ status: 400, sentence });

/**
 * What is wrong with how a request says where its body ends (RFC 9112 §6), or undefined. Stricter than Node's parser, which
 * lets through what other servers read differently: an empty or listed Transfer-Encoding, one on HTTP/1.0, a length of `00`.
 */
export function framingProblem(headers: HttpHeaders, httpVersion: string): Refusal | undefined {
  const codings = headers.getAll('transfer-encoding');
  const lengths = headers.getAll('content-length');
  if (codings.length > 0) {
    if (httpVersion === '1.0') return bad('Transfer-Encoding is not part of HTTP/1.0');
    if (lengths.length > 0)
      return bad('both Transfer-Encoding and Content-Length say where the body ends; send one');
    if (codings.length > 1 || codings[0]!.trim().toLowerCase() !== 'chunked')
      return bad('the only Transfer-Encoding taken is one line that says "chunked"');
  }
  if (lengths.length > 1) return bad('Content-Length comes more than once');
  if (lengths.some((length) => !isLength(length.trim())))
    return bad('Content-Length is no plain decimal number');
  if (headers.has('__proto__')) return bad('a header named __proto__ is not taken');
  return undefined;
}

/** What a trailer may not be, since it decides where a message goes or ends (RFC 9110 §6.5.1). */
const HEAD_ONLY = /^(?:host|content-length|transfer-encoding|trailer|connection|upgrade|te|__proto__)$/i;

/** What is wrong with the trailers of a request, or undefined. */
export function trailerProblem(trailers: HttpHeaders): Refusal | undefined {
  const stray = [...trailers].find(([name]) => HEAD_ONLY.test(name));
  return stray && bad(`${stray[0]} is no field for a trailer`);
}

/** Digits without a leading zero, of a number that can be counted to. */
export function isLength(text: string): boolean {
  return /^(?:0|[1-9]\d{0,15})$/.test(text) && Number.isSafeInteger(Number(text));
}

/** True when bytes of a body follow the head. */
export function hasBody(headers: HttpHeaders): boolean {
  return headers.has('transfer-encoding') || Number(headers.get('content-length') ?? 0) > 0;
}
