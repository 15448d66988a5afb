import type { HttpHeaders } from '../http/headers';
import type { HttpRequest } from '../http/request';
import type { HttpResponse } from '../http/response';
import { buildBody, type BuiltBody, type PutBody } from './har-build-body';
import { requestCookies, responseCookies } from './har-cookies';
import { buildExtras, builtUrl } from './har-build-extras';
import { codingOf } from './har-message';
import { writeTimes } from './har-times';
import { writeWebSocket } from './har-websocket';
import type { Draft, JsonObject } from './json-value';
import { recordable } from './recordable';
import type { RecordedFlow } from './recorded-flow';

/** One exchange as an entry of a HAR 1.2; bodies too large for it go to `put`, those that decode to more than `mostDecoded` bytes stay coded. */
export function buildEntry(flow: RecordedFlow, put: PutBody, mostDecoded?: number): JsonObject {
  const { request, response, webSocket } = flow;
  const asked = bodyOf(request, flow.unstored?.request, put, mostDecoded);
  const answered = response && bodyOf(response, flow.unstored?.response, put, mostDecoded);
  const { startedDateTime, time, timings, exact } = writeTimes({
    requestStart: request.startedAt,
    requestEnd: request.endedAt,
    responseStart: response?.startedAt,
    responseEnd: response?.endedAt,
  });
  const { url, target } = builtUrl(request);
  const entry: Draft<JsonObject> = {
    startedDateTime,
    time,
    timings,
    request: requestFields(request, url, asked),
    response: response ? responseFields(response, answered, flow.error) : noResponse(flow.error),
    cache: {},
  };
  if (webSocket) {
    entry['_resourceType'] = 'websocket';
    entry['_webSocketMessages'] = writeWebSocket(webSocket);
  }
  entry['_replay'] = buildExtras(flow, { asked, answered, target, exact });
  return entry;
}

function requestFields(request: HttpRequest, url: string, body: BuiltBody | undefined): JsonObject {
  const { headers } = request;
  const fields: Draft<JsonObject> = {
    method: request.method,
    url,
    httpVersion: `HTTP/${request.httpVersion}`,
    cookies: requestCookies(headers),
    headers: headerFields(headers),
    queryString: queryFields(url),
  };
  if (body && body.size > 0) {
    const mimeType = headers.get('content-type') ?? 'application/octet-stream';
    fields['postData'] = { mimeType, ...body.fields };
  }
  fields['headersSize'] = -1;
  fields['bodySize'] = body === undefined ? -1 : (request.body.length ?? -1);
  return fields;
}

function responseFields(
  response: HttpResponse,
  body: BuiltBody | undefined,
  error: string | undefined,
): JsonObject {
  const { headers } = response;
  const received = body && response.body.length;
  const content: Draft<JsonObject> = { size: body?.size ?? -1 };
  if (body?.extra && received !== undefined) content['compression'] = body.size - received;
  content['mimeType'] = headers.get('content-type') ?? 'x-unknown';
  const fields: Draft<JsonObject> = {
    status: response.status,
    statusText: response.reason,
    httpVersion: `HTTP/${response.httpVersion}`,
    cookies: responseCookies(headers),
    headers: headerFields(headers),
    content: body ? Object.assign(content, body.fields) : content,
    redirectURL: headers.get('location') ?? '',
    headersSize: -1,
    bodySize: received ?? -1,
  };
  if (error !== undefined) fields['_error'] = error;
  return fields;
}

function queryFields(url: string): JsonObject[] {
  const query = /\?([^#]*)/.exec(url)?.[1];
  return query ? Array.from(new URLSearchParams(query), ([name, value]) => ({ name, value })) : [];
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
