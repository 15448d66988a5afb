import { RecordingError } from '../errors';
import type { BodyChunks } from '../http/chunks';
import { isFieldValue } from '../http/headers';
import { HttpRequest } from '../http/request';
import { HttpResponse } from '../http/response';
import { LocalEntry, requestHeadOf, type HarRequestHead } from './har-request-head';
import { HarHeaderReader } from './har-headers';
import { codingOf, readBody, type EntryContext } from './har-message';
import { typeOfPost } from './har-params';
import { readChunks } from './har-chunks';
import { readTimes, type ExchangeTimes } from './har-times';
import { readWebSocket } from './har-websocket';
import { KeptHeaders } from './kept-headers';
import { isObject, numberOf, objectIn, quoted, textOf, type JsonObject } from './json-value';
import type { RecordedFlow } from './recorded-flow';

const BODILESS = new Set([204, 205, 304]);

/** Turns HAR entries into exchanges. One reader serves one recording, whose entries share their headers. */
export class HarEntryReader {
  readonly #headers = new HarHeaderReader();
  readonly #kept = new KeptHeaders();

  /** @throws RecordingError, saying only what is wrong with the entry, when it is no HAR entry. */
  read(entry: unknown, number: number, context: EntryContext): RecordedFlow | LocalEntry {
    if (!isObject(entry)) throw new RecordingError('no object');
    if (!isObject(entry['request'])) throw new RecordingError('missing "request"');
    const extras = objectIn(entry, '_replay');
    const head = requestHeadOf(entry, extras);
    if (head instanceof LocalEntry) return head;
    const response = objectIn(entry, 'response');
    const responseHeaders = this.#headers.read(response?.['headers'], 'response', context.warn);
    const times = readTimes(entry, () => {
      context.warn(`startedDateTime ${quoted(entry['startedDateTime'])} is no date`);
      return Date.parse(responseHeaders.get('date') ?? '') || 0;
    });

    const request = this.#request(entry, extras, head, times, context);
    const status = response ? statusOf(response['status']) : 0;
    const error = [response?.['_error'], response?.['_failureText']].map(textOf).find(Boolean);
    const saysIncomplete = extras?.['incomplete'] === true;
    const answer =
      status === 0
        ? undefined
        : this.#response(
            entry,
            status,
            head.method,
            error ?? saysIncomplete,
            times,
            context,
            responseHeaders,
          );
    const { source } = context;
    const flow: RecordedFlow = answer
      ? { source, number, request: request.message, response: answer.message }
      : { source, number, request: request.message };
    const unstored = {
      ...(request.unstored && { request: true }),
      ...(answer?.unstored && { response: true }),
    };
    const redacted = texts(extras?.['redacted']);
    const session = textOf(extras?.['session']);
    const facts = {
      ...(error !== undefined && { error }),
      ...(Object.keys(unstored).length > 0 && { unstored }),
      ...((saysIncomplete || answer?.brokeOff) && { incomplete: true }),
      ...(extras?.['left'] === true && { left: true }),
      ...(answer?.chunks && { chunks: answer.chunks }),
      ...readWebSocket(entry, status, status === 101 ? responseHeaders.get('upgrade') : undefined),
      ...(redacted && { redacted }),
      ...(session !== undefined && { session }),
    };
    // Most have none; a copy takes longer than all the rest.
    return Object.freeze(Object.keys(facts).length === 0 ? flow : { ...flow, ...facts });
  }

  #request(
    entry: JsonObject,
    extras: JsonObject | undefined,
    { method, scheme, host, port, path }: HarRequestHead,
    times: ExchangeTimes,
    context: EntryContext,
  ): { message: HttpRequest; unstored: boolean } {
    const fields = objectIn(entry, 'request');
    const headers = this.#headers.read(fields?.['headers'], 'request', context.warn);
    const posted = typeOfPost(objectIn(fields, 'postData'));
    // What we write has all headers; a body is matched by what its type makes of it.
    if (!extras && posted !== undefined && !headers.has('content-type'))
      headers.append('Content-Type', posted);
    const { body, unstored } = readBody(
      entry,
      'request',
      headers,
      { mayLackBody: false, whole: true },
      context,
    );
    const trailers = objectIn(extras, 'request')?.['trailers'];
    const httpVersion = versionOf(fields?.['httpVersion']);
    const [startedAt, endedAt] = [times.requestStart, times.requestEnd];
    const message = new HttpRequest(
      { method, scheme, host, port, path, httpVersion, body, startedAt, endedAt },
      {
        headers: this.#kept.ofRequest(headers),
        trailers: this.#kept.ofOthers(this.#headers.readPairs(trailers, 'request', context.warn)),
      },
    );
    return { message: Object.freeze(message), unstored };
  }

  #response(
    entry: JsonObject,
    status: number,
    method: string,
    problem: string | boolean,
    times: ExchangeTimes,
    context: EntryContext,
    headers: HttpResponse['headers'],
  ): { message: HttpResponse; unstored: boolean; brokeOff: boolean; chunks: BodyChunks | undefined } {
    const fields = objectIn(entry, 'response');
    const extras = objectIn(entry, '_replay');
    const mayLackBody = method === 'HEAD' || status < 200 || BODILESS.has(status);
    const length = numberOf(headers.get('content-length'));
    const coded = codingOf(headers) !== undefined;
    const about = { mayLackBody, whole: problem === false };
    const { body, atHand, unstored } = readBody(entry, 'response', headers, about, context);
    const told = objectIn(extras, 'response');
    const chunks = told && readChunks(told, { body: atHand(), headers });
    const reason = reasonText(fields?.['statusText']);
    const httpVersion = versionOf(fields?.['httpVersion']);
    const startedAt = times.responseStart ?? times.requestStart;
    const message = new HttpResponse(
      { status, reason, httpVersion, body, startedAt, endedAt: times.responseEnd },
      {
        headers: this.#kept.ofOthers(headers),
        trailers: this.#kept.ofOthers(this.#headers.readPairs(told?.['trailers'], 'response', context.warn)),
      },
    );
    // Chrome notes an error on downloads and on 204 too: what arrived whole is whole.
    const brokeOff =
      extras === undefined &&
      typeof problem === 'string' &&
      !mayLackBody &&
      (coded || length !== body.length);
    return { message: Object.freeze(message), unstored, brokeOff, chunks };
  }
}

/** 0 when no response came. */
function statusOf(value: unknown): number {
  const status = numberOf(value);
  if (status === undefined || !Number.isInteger(status))
    throw new RecordingError(`status ${quoted(value)} is no status`);
  if (status === 0 || (status >= 100 && status <= 999)) return status;
  throw new RecordingError(`status ${quoted(value)} is no status`);
}

function versionOf(value: unknown): string {
  if (value === 'HTTP/1.1') return '1.1';
  const version = /^(?:http\/|h)([123])(?:\.(\d))?/i.exec(textOf(value) ?? '');
  if (!version) return '1.1';
  if (version[1] !== '1') return '2.0';
  return version[2] === '0' ? '1.0' : '1.1';
}

function reasonText(value: unknown): string {
  const text = textOf(value) ?? '';
  return isFieldValue(text) ? text : '';
}

function texts(value: unknown): string[] | undefined {
  return Array.isArray(value) ? (value as unknown[]).filter((one) => typeof one === 'string') : undefined;
}
