import { isUtf8 } from 'node:buffer';
import { reasonOf } from '../errors';
import { escapeControls } from '../escape-controls';
import { decodeContent } from '../http/content-coding';
import type { HttpRequest } from '../http/request';
import type { HttpResponse } from '../http/response';
import type { RecordedFlow } from '../recording/recorded-flow';
import { flowJson, flowLine } from './flow-line';
import { webSocketJson, webSocketText } from './web-socket-text';

const SHOWN_BYTES = 32;

type Message = HttpRequest | HttpResponse;

/** An exchange whole, for a person: heads, trailers and decoded bodies; of a binary one its size and how it begins. */
export function exchangeText(flow: RecordedFlow): string {
  const { request, response, unstored } = flow;
  const requestLine = `${request.method} ${request.url} HTTP/${request.httpVersion}`;
  const texts = [flowLine(flow, 0), messageText(requestLine, request, unstored?.request)];
  if (response) {
    const statusLine = `HTTP/${response.httpVersion} ${response.status} ${response.reason}`.trimEnd();
    texts.push(messageText(statusLine, response, unstored?.response));
  }
  if (flow.webSocket) texts.push(webSocketText(flow));
  return texts.join('\n\n') + '\n';
}

/** An exchange whole, for programs: one line of JSON. Decoded bodies are `text`, or `base64` when they are no UTF-8. */
export function exchangeJson(flow: RecordedFlow): string {
  const { request, response, unstored } = flow;
  const whole = {
    ...flowJson(flow),
    request: messageJson(request, unstored?.request),
    response: response ? messageJson(response, unstored?.response) : null,
    ...(flow.webSocket && { webSocket: webSocketJson(flow) }),
  };
  return `${JSON.stringify(whole)}\n`;
}

function messageText(firstLine: string, message: Message, isUnstored = false): string {
  const body = isUnstored ? '(not stored)' : bodyText(message);
  const trailers = fieldLines(message.trailers);
  return [
    escapeControls(firstLine),
    ...fieldLines(message.headers),
    ...(body === '' ? [] : ['', body]),
    ...(trailers.length === 0 ? [] : ['', ...trailers]),
  ].join('\n');
}

function fieldLines(headers: Message['headers']): string[] {
  return [...headers].map(([name, value]) => escapeControls(`${name}: ${value}`));
}

function bodyText(message: Message): string {
  const { bytes, problem } = contentOf(message);
  if (bytes.length === 0) return problem ?? '';
  if (problem === undefined && isText(bytes)) {
    return bytes
      .toString('utf8')
      .split(/\r?\n/)
      .map((line) => line.split('\t').map(escapeControls).join('\t'))
      .join('\n');
  }
  const head = bytes
    .subarray(0, SHOWN_BYTES)
    .toString('hex')
    .replace(/..(?=.)/g, '$& ');
  const more = bytes.length > SHOWN_BYTES ? ' …' : '';
  return `(${problem ?? 'binary'}, ${bytes.length} bytes: ${head}${more})`;
}

function messageJson(message: Message, isUnstored = false) {
  const { headers, trailers, httpVersion } = message;
  const { bytes, problem } = isUnstored
    ? { bytes: Buffer.alloc(0), problem: 'not stored' }
    : contentOf(message);
  const body = isUtf8(bytes) ? { text: bytes.toString('utf8') } : { base64: bytes.toString('base64') };
  return { httpVersion, headers, trailers, body: problem === undefined ? body : { ...body, problem } };
}

/** The decoded content, or what there is with what is wrong with it. */
function contentOf({ body, headers }: Message): { bytes: Buffer; problem?: string } {
  let bytes: Buffer = Buffer.alloc(0);
  try {
    bytes = body.bytesSync();
    return { bytes: decodeContent(bytes, headers.folded('content-encoding')) };
  } catch (error) {
    return { bytes, problem: reasonOf(error) };
  }
}

function isText(bytes: Buffer): boolean {
  return isUtf8(bytes) && !bytes.includes(0);
}
