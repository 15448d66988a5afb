import type { RecordedFlow } from '../recording/recorded-flow';
import { shellQuote } from '../shell-quote';

/** What a command to try depends on. */
export interface TryOptions {
  /** Where the proxy listens. */
  readonly url: string;
  /** Who names no session gets no answer. */
  readonly needsSession: boolean;
  /** Whether it stands in for a server. */
  readonly reverse: boolean;
  /** The file of our CA's certificate. */
  readonly certificate: string;
  /** Headers that must match, too. */
  readonly headers: readonly string[];
  /** Whether the environment keeps some hosts from proxies (`NO_PROXY`). */
  readonly hasProxyExceptions: boolean;
}

/** A curl command that gets the first recorded answer that a plain GET can get; undefined when there is none. */
export function tryLine(flows: readonly RecordedFlow[], options: TryOptions): string | undefined {
  const answer = flows.find((flow) => !flow.session && isPlainGet(flow)) ?? flows.find(isPlainGet);
  if (!answer) return undefined;
  const { request, response, session } = answer;
  const words = ['curl', '-i'];
  if (response?.headers.has('content-encoding')) words.push('--compressed');
  if (/[[\]{}]/.test(request.path)) words.push('-g');
  if (/\/\.{1,2}(?:\/|$)/.test(request.path)) words.push('--path-as-is');
  for (const name of options.headers) {
    const value = request.headers.folded(name);
    if (value !== undefined) words.push('-H', value === '' ? `${name};` : `${name}: ${value}`);
  }
  if (options.reverse && session) return undefined;
  if (options.reverse) return [...words, options.url + request.path].map(shellQuote).join(' ');
  // So that curl leaves names to us.
  const proxy = options.url.replace(/^socks5:/, 'socks5h:');
  const user = session || (options.needsSession ? 'try' : '');
  words.push('-x', user === '' ? proxy : proxy.replace('//', `//${encodeURIComponent(user)}:x@`));
  if (options.hasProxyExceptions) words.push('--noproxy', '');
  if (request.scheme === 'https') words.push('--cacert', options.certificate);
  return [...words, request.url].map(shellQuote).join(' ');
}

function isPlainGet({ request, response, webSocket, error, incomplete, unstored }: RecordedFlow): boolean {
  if (request.method !== 'GET' || !/^\/[\x21-\x7e]*$/.test(request.path) || request.body.length !== 0)
    return false;
  if (webSocket || /websocket/i.test(request.headers.folded('upgrade') ?? '')) return false;
  if (error !== undefined || incomplete || unstored?.response) return false;
  return response !== undefined && response.status >= 200 && ![206, 304].includes(response.status);
}
