import { createHash } from 'node:crypto';
import { UpstreamError } from '../errors';
import { asksForWebSocket } from '../http/asks-for-web-socket';
import type { HttpHeaders } from '../http/headers';
import { connectionOptions } from '../http/hop-by-hop';
import type { HttpRequest } from '../http/request';
import type { DeflateOptions, DeflateParams, Extensions, WsParts } from './ws-parts';

const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
const KEY = /^[+/0-9A-Za-z]{22}==$/;
const DEFLATE = 'permessage-deflate';

/** The key of a client that asks for a WebSocket as it should (RFC 6455 §4.1), else undefined. */
export function webSocketKey({
  method,
  headers,
}: Pick<HttpRequest, 'method' | 'headers'>): string | undefined {
  const keys = headers.getAll('sec-websocket-key').map((key) => key.trim());
  return asksForWebSocket({ method, headers }) && keys.length === 1 && KEY.test(keys[0]!)
    ? keys[0]
    : undefined;
}

/** What the server answers to that key (RFC 6455 §4.2.2). */
export function acceptOf(key: string): string {
  return createHash('sha1')
    .update(key + GUID, 'latin1')
    .digest('base64');
}

/** What is offered to upstream of the extensions that a client offers: those that we can read, as they are written; '' for none. */
export function readableExtensions(value: string): string {
  const isDeflate = (offer: string) => offer.split(';')[0]!.trim() === DEFLATE;
  return value
    .split(',')
    .filter(isDeflate)
    .map((offer) => offer.trim())
    .join(', ');
}

/**
 * The extensions that upstream has agreed to.
 * @throws UpstreamError for an answer that is no WebSocket handshake (RFC 6455 §4.1).
 */
export function upstreamExtensions(
  request: HttpHeaders,
  response: HttpHeaders,
  { ws, maxPayload, where }: { ws: WsParts; maxPayload: number; where: string },
): Extensions {
  const fail = (sentence: string) => new UpstreamError(`${where} sent no WebSocket handshake: ${sentence}`);
  const accept = acceptOf(request.get('sec-websocket-key')?.trim() ?? '');
  if (response.get('sec-websocket-accept')?.trim() !== accept)
    throw fail('Sec-WebSocket-Accept does not answer the key');
  const answer = response.folded('sec-websocket-extensions');
  if (answer === undefined || answer.trim() === '') return {};
  if (readableExtensions(request.folded('sec-websocket-extensions') ?? '') === '')
    throw fail('it uses an extension that was not offered');
  try {
    const { [DEFLATE]: params, ...others } = ws.extension.parse(answer);
    if (params?.length !== 1 || Object.keys(others).length > 0)
      throw fail(`it uses other extensions than were offered, ${answer}`);
    const deflate = new ws.PerMessageDeflate({ isServer: false, maxPayload });
    deflate.accept(params);
    return { [DEFLATE]: deflate };
  } catch (error) {
    throw error instanceof UpstreamError ? error : fail((error as Error).message);
  }
}

/**
 * The extensions of a client's WebSocket, and how they are told to it: compressed if the client offers it and the `response` has it, in the way
 * of the response as far as this client goes along.
 */
export function clientExtensions(
  request: HttpHeaders,
  response: HttpHeaders,
  { ws, maxPayload }: { ws: WsParts; maxPayload: number },
): { extensions: Extensions; header: string | undefined } {
  const none = { extensions: {}, header: undefined };
  try {
    const offers = ws.extension.parse(request.folded('sec-websocket-extensions') ?? '')[DEFLATE];
    const wanted = ws.extension.parse(response.folded('sec-websocket-extensions') ?? '')[DEFLATE]?.[0];
    if (!offers || !wanted) return none;
    const deflate = new ws.PerMessageDeflate({ ...asWanted(wanted, offers), isServer: true, maxPayload });
    const agreed = deflate.accept(offers);
    return {
      extensions: { [DEFLATE]: deflate },
      header: ws.extension.format({ [DEFLATE]: [agreed] }),
    };
  } catch {
    // Compression is never needed.
    return none;
  }
}

function asWanted(wanted: DeflateParams, offers: DeflateParams[]): Partial<DeflateOptions> {
  const bits = (name: string) => Number((wanted[name] as unknown[] | undefined)?.[0]);
  const mayLimitClient = offers.every((offer) => offer['client_max_window_bits'] !== undefined);
  return {
    ...(wanted['server_no_context_takeover'] ? { serverNoContextTakeover: true } : {}),
    ...(wanted['client_no_context_takeover'] ? { clientNoContextTakeover: true } : {}),
    ...(bits('server_max_window_bits') ? { serverMaxWindowBits: bits('server_max_window_bits') } : {}),
    ...(mayLimitClient && bits('client_max_window_bits')
      ? { clientMaxWindowBits: bits('client_max_window_bits') }
      : {}),
  };
}

/** The header block of the 101 that opens a client's WebSocket; lines that stay keep place and case. */
export function openingHeaders(
  response: HttpHeaders,
  { key, extensions }: { key: string; extensions: string | undefined },
): HttpHeaders {
  const headers = switchingHeaders(response, 'websocket').set('Sec-WebSocket-Accept', acceptOf(key));
  if (extensions === undefined) headers.delete('sec-websocket-extensions');
  else headers.set('Sec-WebSocket-Extensions', extensions);
  return headers;
}

const FRAMING = ['content-length', 'transfer-encoding', 'trailer', 'keep-alive', 'proxy-connection', 'te'];

/** The header block of a 101 (RFC 9110 §15.2.2) that changes to `protocol`, unless the response names one itself. */
export function switchingHeaders(response: HttpHeaders, protocol: string): HttpHeaders {
  const headers = response.clone();
  for (const name of [...FRAMING, ...connectionOptions(response)])
    if (name !== 'upgrade') headers.delete(name);
  if (!headers.has('upgrade')) headers.set('Upgrade', protocol);
  return headers.get('connection')?.trim().toLowerCase() === 'upgrade' &&
    headers.getAll('connection').length === 1
    ? headers
    : headers.set('Connection', 'Upgrade');
}
