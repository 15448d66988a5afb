import {
  acceptsCoding,
  Body,
  connectionOptions,
  decodeContent,
  DEFAULT_LIMITS,
  HOP_BY_HOP,
  HttpHeaders,
  type HttpRequest,
  type HttpResponse,
  reasonOf,
  type RecordedFlow,
} from 'replay-proxy';
import { BodyCache } from './body-cache';

/** Bytes; longer bodies stay in the recording until they are sent. */
const READ_AT_ONCE = 1024 * 1024;

const stripped = new WeakMap<HttpResponse, HttpResponse>();

/** What recoding depends on beside the two messages. */
export interface RecodeOptions {
  /** Bytes of the longest body that is decoded. */
  readonly most?: number;
  /** Keeps what is read and decoded; nothing is kept unless told. */
  readonly bodies?: BodyCache;
}

const NONE_KEPT = new BodyCache(0);

/** A response made of a recorded one, and what there is to say about it. */
export interface Recoded {
  readonly response: HttpResponse;
  readonly note?: string;
}

/**
 * A copy of the recorded response that fits this request: what spoke of the recorded connection taken out, the content coding undone
 * if the client does not take it and there are not too many bytes. The connection frames it anew; a recorded Content-Length only keeps its place.
 * @throws RecordingError when its body cannot be read any more.
 */
export function recode(
  recorded: RecordedFlow,
  request: HttpRequest,
  { most = DEFAULT_LIMITS.decodedBody, bodies = NONE_KEPT }: RecodeOptions = {},
): Recoded {
  if (!recorded.response) throw new TypeError('an entry without a response cannot answer');
  const response = withoutHopByHop(recorded.response).clone();
  const { body } = response;
  if (body.kind === 'file' && (body.length ?? 0) <= READ_AT_ONCE) response.body = bodies.of(body, read);
  const note = undoCoding(response, request, most, bodies);
  return note === undefined ? { response } : { response, note };
}

function read(body: Body): Body {
  return Body.from(body.bytesSync());
}

/** Made once for each recorded response, which never changes. */
function withoutHopByHop(recorded: HttpResponse): HttpResponse {
  let response = stripped.get(recorded);
  if (response) return response;
  const named = connectionOptions(recorded.headers);
  const kept = [...recorded.headers].filter(([name]) => {
    const key = name.toLowerCase();
    return !HOP_BY_HOP.has(key) && !named.includes(key);
  });
  response = recorded.clone();
  response.headers = HttpHeaders.fromPairs(kept);
  stripped.set(recorded, response);
  return response;
}

/** A part of a coded representation cannot be decoded, and what cannot be decoded goes out as it was recorded. */
function undoCoding(
  response: HttpResponse,
  request: HttpRequest,
  most: number,
  bodies: BodyCache,
): string | undefined {
  const { headers, body } = response;
  const coding = headers.folded('content-encoding');
  if (!coding || acceptsCoding(request.headers.folded('accept-encoding'), coding)) return undefined;
  if (response.status === 206) return `the client does not accept ${coding}, but a part cannot be decoded`;
  if ((body.length ?? 0) > most)
    return `the client does not accept ${coding}, but the recorded body has more than ${most} bytes, too many to decode (limits.decodedBody)`;
  const bytes = body.bytesSync();
  try {
    response.body = bodies.of(body, () => Body.from(decodeContent(bytes, coding, most)));
  } catch (error) {
    return `the client does not accept ${coding}, but the recorded body cannot be decoded: ${reasonOf(error)}`;
  }
  headers.delete('content-encoding');
  headers.delete('content-length');
  headers.rewrite((name, value) =>
    name.toLowerCase() === 'etag' && /^\s*"/.test(value) ? `W/${value.trim()}` : value,
  );
  return undefined;
}
