import { fitChunks } from '../http/chunks';
import type { HttpRequest } from '../http/request';
import type { HttpResponse } from '../http/response';
import { chunkList } from './chunk-list';
import type { BuiltBody } from './har-build-body';
import type { ChunkExtras, EntryExtras, MessageExtras, TargetExtras } from './har-replay';
import { targetOf } from './har-target';
import { type Draft, numberOf } from './json-value';
import { recordable } from './recordable';
import type { RecordedFlow } from './recorded-flow';

/** What an entry's standard fields were made of. */
export interface Built {
  /** Undefined for a body that passed without being kept. */
  readonly asked: BuiltBody | undefined;
  readonly answered: BuiltBody | undefined;
  readonly target: TargetExtras | undefined;
  readonly exact: EntryExtras['times'];
}

/** What of an exchange HAR cannot say. */
export function buildExtras(flow: RecordedFlow, { asked, answered, target, exact }: Built): EntryExtras {
  const { response, redacted, session, webSocketClose } = flow;
  const extras: Draft<EntryExtras> = {};
  const ofRequest: Draft<NonNullable<EntryExtras['request']>> = messageExtras(flow.request, asked);
  if (target) ofRequest.target = target;
  if (isFilled(ofRequest)) extras.request = ofRequest;
  if (response) {
    const ofResponse = messageExtras(response, answered);
    const chunks = chunkExtras(flow, answered);
    if (chunks) ofResponse.chunks = chunks;
    if (isFilled(ofResponse)) extras.response = ofResponse;
  }
  if (exact) extras.times = exact;
  if (redacted) extras.redacted = redacted;
  if (flow.incomplete) extras.incomplete = true;
  if (flow.left) extras.left = true;
  const unstored: Draft<NonNullable<EntryExtras['unstored']>> = {};
  if (asked === undefined) unstored.request = true;
  if (response && answered === undefined) unstored.response = true;
  if (isFilled(unstored)) extras.unstored = unstored;
  if (session !== undefined) extras.session = session;
  if (webSocketClose) extras.webSocketClose = webSocketClose;
  return extras;
}

/** The URL of the request, or a stand-in when no URL can say where it went; where it does not tell the target exactly, that too. */
export function builtUrl({ url: own, method, scheme, host, port, path }: HttpRequest): {
  readonly url: string;
  readonly target: TargetExtras | undefined;
} {
  const told = targetOf(own, method);
  if (told?.host === host && told.port === port && told.path === path) return { url: own, target: undefined };
  const url = told ? own : `${scheme}://unknown.invalid/`;
  return { url, target: { url, host, port: numberOf(port) ?? 0, path } };
}

function messageExtras(
  message: HttpRequest | HttpResponse,
  body: BuiltBody | undefined,
): Draft<MessageExtras> {
  const extras: Draft<MessageExtras> = {};
  const trailers = recordable(message.trailers);
  if (trailers.length > 0) extras.trailers = trailers;
  if (body?.extra) extras.body = body.extra;
  return extras;
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

function isFilled(value: object): boolean {
  return Object.keys(value).length > 0;
}
