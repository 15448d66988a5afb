import {
  encodeGrpcMessage,
  type Flow,
  type HttpRequest,
  HttpResponse,
  isGrpc,
  missLine,
  missText,
} from 'replay-proxy';

/** RFC 9110 §15.3.5, §15.3.6, §15.4.5 */
const WITHOUT_BODY = [204, 205, 304];
/** What no server offers; NOT_FOUND is for what servers do not have. */
const UNIMPLEMENTED = '12';
const NOTHING = 'nothing recorded answers it: no recording is loaded';

/** A response of this status that says why nothing recorded answers: JSON for clients that prefer it, else text. `now` is epoch milliseconds. */
export function missResponse(status: number, flow: Flow, now: number): HttpResponse {
  if (isGrpc(flow.request.headers)) return missOfCall(flow);
  if (WITHOUT_BODY.includes(status)) return new HttpResponse({ status });
  const { request, miss } = flow;
  const [type, body] = prefersJson(request)
    ? ['application/json', `${printable(JSON.stringify(miss ?? { reason: NOTHING }))}\n`]
    : ['text/plain; charset=utf-8', miss ? missText(miss, now) : `${NOTHING}\n`];
  return new HttpResponse({
    status,
    headers: { 'content-type': type, 'cache-control': 'no-store', vary: 'accept' },
    body,
  });
}

/** What a gRPC client can read: the status of HTTP is always 200, that of the call is in a header, as of one that ends with its head. */
function missOfCall({ request, miss }: Flow): HttpResponse {
  return new HttpResponse({
    status: 200,
    headers: {
      'content-type': request.headers.get('content-type') ?? 'application/grpc',
      'grpc-status': UNIMPLEMENTED,
      'grpc-message': encodeGrpcMessage(miss ? missLine(miss) : NOTHING),
    },
  });
}

/** JSON may hold control characters of the second kind, which terminals obey. */
function printable(json: string): string {
  return json.replace(
    /[\x7f-\x9f\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** Whether JSON stands before text in what the client accepts (RFC 9110 §12.5.1); of equal weights the first named counts. */
export function prefersJson({ headers }: HttpRequest): boolean {
  const ranges = (headers.folded('accept') ?? '').split(',').map((range) => {
    const [type = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    const weight = parameters.find((one) => one.startsWith('q='))?.slice(2);
    return { type, weight: weight === undefined ? 1 : Number(weight) || 0 };
  });
  const best = (...types: string[]) =>
    ranges.findIndex(
      ({ type, weight }) => weight > 0 && types.some((one) => type === one || isJson(one, type)),
    );
  const json = best('application/json', '+json');
  if (json === -1) return false;
  const text = ranges.findIndex(({ type, weight }) => weight > 0 && /^text\/(?:plain|html|\*)$/.test(type));
  if (text === -1) return true;
  const [a, b] = [ranges[json]!.weight, ranges[text]!.weight];
  return a === b ? json < text : a > b;
}

function isJson(suffix: string, type: string): boolean {
  return suffix === '+json' && type.endsWith(suffix);
}
