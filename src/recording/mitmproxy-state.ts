import type { Body } from '../http/body';
import { fitChunks } from '../http/chunks';
import type { HttpHeaders } from '../http/headers';
import type { HttpRequest } from '../http/request';
import type { HttpResponse } from '../http/response';
import { chunkList } from './chunk-list';
import { DUMP_VERSION, METADATA } from './mitmproxy-flow';
import { secondsOf } from './mitmproxy-times';
import { webSocketState } from './mitmproxy-websocket';
import { recordable } from './recordable';
import type { RecordedFlow } from './recorded-flow';
import { type TnetFloat, TnetPieces, type TnetValue } from './tnetstring';

/** Bytes from which on a body in a file is written piece by piece. */
const LARGE = 1024 * 1024;

/** Dictionaries in the order in which mitmproxy writes them. */
type State = { readonly [key: string]: TnetValue };

/**
 * A flow as mitmproxy keeps it, version 21, every field that its reader asks for. What a recording does not know of the
 * connections is null; `newId` gives a UUID each time.
 */
export function stateOf(flow: RecordedFlow, newId: () => string): State {
  const { request, response } = flow;
  return {
    websocket: flow.webSocket ? webSocketState(flow.webSocket, flow.webSocketClose) : null,
    response: response ? responseState(response, flow.unstored?.response === true) : null,
    request: requestState(request, flow.unstored?.request === true),
    backup: null,
    timestamp_created: secondsOf(request.startedAt),
    comment: '',
    metadata: metadataState(flow),
    marked: '',
    is_replay: null,
    intercepted: false,
    server_conn: serverState(request, newId()),
    client_conn: clientState(request, newId()),
    error: errorState(flow),
    id: newId(),
    type: 'http',
    version: DUMP_VERSION,
  };
}

function requestState(request: HttpRequest, unstored: boolean): State {
  const { authority, headers } = authorityOf(request);
  return {
    path: wire(request.path),
    authority: wire(authority),
    scheme: wire(request.scheme),
    method: wire(request.method),
    port: request.port,
    host: request.host,
    ...endOfMessage(request),
    content: unstored ? null : contentOf(request.body),
    headers: pairs(headers),
    http_version: wire(`HTTP/${request.httpVersion}`),
  };
}

function responseState(response: HttpResponse, unstored: boolean): State {
  return {
    reason: wire(response.reason),
    status_code: response.status,
    ...endOfMessage(response),
    content: unstored ? null : contentOf(response.body),
    headers: pairs(response.headers),
    http_version: wire(`HTTP/${response.httpVersion}`),
  };
}

function endOfMessage(message: HttpRequest | HttpResponse): State {
  return {
    timestamp_end: message.endedAt === undefined ? null : secondsOf(message.endedAt),
    timestamp_start: secondsOf(message.startedAt),
    trailers: message.trailers.size > 0 ? pairs(message.trailers) : null,
  };
}

// The way back of what the reader does: HTTP/2 has `:authority` where HTTP/1.1 has Host (RFC 9113 §8.3.1).
function authorityOf(request: HttpRequest): { authority: string; headers: HttpHeaders } {
  const [first] = request.headers;
  const only = request.headers.getAll('host').length === 1;
  if (request.httpVersion.startsWith('1') || first?.[0] !== 'host' || !only) {
    return { authority: '', headers: request.headers };
  }
  const headers = request.headers.clone();
  headers.delete('host');
  return { authority: first[1], headers };
}

function metadataState(flow: RecordedFlow): State {
  const { response, unstored } = flow;
  const isStored = response && !unstored?.response && response.body.length !== 0;
  const chunks = isStored && flow.chunks ? fitChunks(flow.chunks, response) : undefined;
  return {
    ...(flow.session !== undefined && { [METADATA.session]: flow.session }),
    ...(flow.redacted && { [METADATA.redacted]: flow.redacted }),
    ...(flow.left && { [METADATA.left]: true }),
    ...(chunks && { [METADATA.chunks]: JSON.stringify(chunkList(chunks)) }),
  };
}

function errorState(flow: RecordedFlow): State | null {
  const msg = flow.error ?? (flow.incomplete ? 'the response was cut short' : undefined);
  if (msg === undefined) return null;
  const { request, response } = flow;
  return { timestamp: secondsOf(response?.endedAt ?? request.endedAt ?? request.startedAt), msg };
}

function serverState(request: HttpRequest, id: string): State {
  return {
    via: null,
    timestamp_tcp_setup: null,
    address: [request.host, request.port],
    ...connectionState(request, id, null),
    sockname: null,
    peername: null,
  };
}

function clientState(request: HttpRequest, id: string): State {
  return {
    proxy_mode: 'regular',
    mitmcert: null,
    ...connectionState(request, id, secondsOf(request.startedAt)),
    // mitmproxy refuses a client without addresses; a recording has none.
    sockname: ['', 0],
    peername: ['', 0],
  };
}

function connectionState(request: HttpRequest, id: string, start: TnetFloat | null): State {
  const tls = request.scheme === 'https';
  return {
    timestamp_tls_setup: null,
    timestamp_end: null,
    timestamp_start: start,
    sni: tls ? request.host : null,
    tls_version: null,
    cipher_list: [],
    cipher: null,
    alpn_offers: [],
    alpn: null,
    certificate_list: [],
    tls,
    error: null,
    transport_protocol: 'tcp',
    id,
  };
}

function pairs(headers: HttpHeaders): TnetValue {
  return recordable(headers).map(([name, value]) => [wire(name), wire(value)]);
}

function contentOf(body: Body): Buffer | TnetPieces {
  const { length } = body;
  if (body.kind !== 'file' || length === undefined || length <= LARGE) return body.bytesSync();
  return new TnetPieces(length, () => body.passingSync());
}

// One byte a character; what came from an edited file and has characters beyond that goes out as UTF-8.
function wire(text: string): Buffer {
  // eslint-disable-next-line no-control-regex -- the range of latin1 begins at 0
  return Buffer.from(text, /[^\x00-\xff]/.test(text) ? 'utf8' : 'latin1');
}
