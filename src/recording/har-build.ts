import { fitChunks } from '../http/chunks';
import type { HttpHeaders } from '../http/headers';
import type { HttpRequest } from '../http/request';
import type { HttpResponse } from '../http/response';
import { chunkList } from './chunk-list';
import { buildBody, type BuiltBody, type PutBody } from './har-build-body';
import { requestCookies, responseCookies } from './har-cookies';
import { codingOf } from './har-message';
import type { ChunkExtras, EntryExtras, MessageExtras, TargetExtras } from './har-replay';
import { targetOf } from './har-target';
import { writeTimes } from './har-times';
import { writeWebSocket } from './har-websocket';
import { numberOf, type JsonObject } from './json-value';
import { recordable } from './recordable';
import type { RecordedFlow } from './recorded-flow';

/** One exchange as an entry of a HAR 1.2; bodies too large for it go to `put`, those that decode to more than `mostDecoded` bytes stay coded. */
export function buildEntry(flow: RecordedFlow, put: PutBody, mostDecoded?: number): JsonObject {
  const { request, response } = flow;
  const url = urlOf(request);
  const asked = bodyOf(request, flow.unstored?.request, put, mostDecoded);
  const answered = response && bodyOf(response, flow.unstored?.response, put, mostDecoded);
  const { exact, ...times } = writeTimes({
    requestStart: request.startedAt,
    requestEnd: request.endedAt,
    responseStart: response?.startedAt,
    responseEnd: response?.endedAt,
  });
  const target = targetExtras(request, url);
  const requestExtras = { ...messageExtras(request, asked), ...(target && { target }) };
  const chunks = chunkExtras(flow, answered);
  const responseExtras = response && { ...messageExtras(response, answered), ...(chunks && { chunks }) };
  const unstored = {
    ...(asked === undefined && { request: true }),
    ...(response && answered === undefined && { response: true }),
  };
  const extras: EntryExtras = {
    ...(filled(requestExtras) && { request: requestExtras }),
    ...(responseExtras && filled(responseExtras) && { response: responseExtras }),
    ...(exact && { times: exact }),
    ...(flow.redacted && { redacted: flow.redacted }),
    ...(flow.incomplete && { incomplete: true }),
    ...(flow.left && { left: true }),
    ...(filled(unstored) && { unstored }),
    ...(flow.session !== undefined && { session: flow.session }),
    ...(flow.webSocketClose && { webSocketClose: flow.webSocketClose }),
  };
  return {
    ...times,
    request: requestFields(request, url, asked),
    response: response ? responseFields(response, answered, flow.error) : noResponse(flow.error),
    cache: {},
    ...(flow.webSocket && { _resourceType: 'websocket', _webSocketMessages: writeWebSocket(flow.webSocket) }),
    _replay: extras,
  };
}

function requestFields(request: HttpRequest, url: string, body: BuiltBody | undefined): JsonObject {
  const { headers } = request;
  const mimeType = headers.get('content-type') ?? 'application/octet-stream';
  const [, query] = /\?([^#]*)/.exec(url) ?? [];
  return {
    method: request.method,
    url,
    httpVersion: `HTTP/${request.httpVersion}`,
    cookies: requestCookies(headers),
    headers: headerFields(headers),
    queryString: [...new URLSearchParams(query)].map(([name, value]) => ({ name, value })),
    ...(body && body.size > 0 && { postData: { mimeType, ...body.fields } }),
    headersSize: -1,
    bodySize: body === undefined ? -1 : (request.body.length ?? -1),
  };
}

function responseFields(
  response: HttpResponse,
  body: BuiltBody | undefined,
  error: string | undefined,
): JsonObject {
  const { headers } = response;
  const received = body && response.body.length;
  const compression = body?.extra && received !== undefined ? { compression: body.size - received } : {};
  return {
    status: response.status,
    statusText: response.reason,
    httpVersion: `HTTP/${response.httpVersion}`,
    cookies: responseCookies(headers),
    headers: headerFields(headers),
    content: {
      size: body?.size ?? -1,
      ...compression,
      mimeType: headers.get('content-type') ?? 'x-unknown',
      ...body?.fields,
    },
    redirectURL: headers.get('location') ?? '',
    headersSize: -1,
    bodySize: received ?? -1,
    ...(error !== undefined && { _error: error }),
  };
}

/** As browsers write a request that got no answer. */
function noResponse(error: string | undefined): JsonObject {
  return {
    status: 0,
    statusText: '',
    httpVersion: '',
    cookies: [],
    headers: [],
    content: { size: 0, mimeType: 'x-unknown' },
    redirectURL: '',
    headersSize: -1,
    bodySize: -1,
    _error: error ?? null,
  };
}

function headerFields(headers: HttpHeaders): JsonObject[] {
  return recordable(headers).map(([name, value]) => ({ name, value }));
}

/** Undefined when the body passed without being kept. */
function bodyOf(
  { body, headers }: HttpRequest | HttpResponse,
  unstored: boolean | undefined,
  put: PutBody,
  mostDecoded: number | undefined,
): BuiltBody | undefined {
  if (unstored || body.kind === 'stream') return undefined;
  return buildBody(body, codingOf(headers), put, mostDecoded);
}

function messageExtras(message: HttpRequest | HttpResponse, body: BuiltBody | undefined): MessageExtras {
  const trailers = recordable(message.trailers);
  return { ...(trailers.length > 0 && { trailers }), ...(body?.extra && { body: body.extra }) };
}

/** What was done to the body since it came, by a redaction or an addon, keeps its events whole. */
function chunkExtras(
  { response, chunks }: RecordedFlow,
  built: BuiltBody | undefined,
): ChunkExtras | undefined {
  if (!response || !chunks || !built || built.size === 0) return undefined;
  const list = chunkList(fitChunks(chunks, response));
  return '_file' in built.fields ? { list } : { digest: response.body.digest(), list };
}

/** The URL of the request, or a stand-in when no URL can say where it went. */
function urlOf(request: HttpRequest): string {
  return targetOf(request.url, request.method) ? request.url : `${request.scheme}://unknown.invalid/`;
}

function targetExtras(request: HttpRequest, url: string): TargetExtras | undefined {
  const { host, port, path } = request;
  const told = targetOf(url, request.method);
  if (told?.host === host && told.port === port && told.path === path) return undefined;
  return { url, host, port: numberOf(port) ?? 0, path };
}

function filled(value: object): boolean {
  return Object.keys(value).length > 0;
}
