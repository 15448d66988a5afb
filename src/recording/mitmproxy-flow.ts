import { areOf, type BodyChunks } from '../http/chunks';
import type { HttpResponse } from '../http/response';
import { chunksOf } from './chunk-list';
import type { Warn } from './har-headers';
import { DumpFields, type FieldsOf, fieldTable } from './mitmproxy-fields';
import { requestFrom, responseFrom, type Origin } from './mitmproxy-messages';
import type { DumpRecord } from './mitmproxy-records';
import { WEB_SOCKET_FIELDS, webSocketFrom, webSocketIn } from './mitmproxy-websocket';
import type { RecordedFlow } from './recorded-flow';
import type { RecordingFile } from './recording-file';
import type { TnetCursor } from './tnetstring-cursor';

/** The newest version of the format that is known here; mitmproxy 10.1 and later write it. */
export const DUMP_VERSION = 21;

/** Where our own facts about a flow are kept, in a place that mitmproxy leaves alone. */
export const METADATA = {
  session: 'replay_session',
  redacted: 'replay_redacted',
  left: 'replay_left',
  chunks: 'replay_chunks',
} as const;

/** What a record turned out to be. */
export type DumpEntry =
  | { readonly kind: 'flow'; readonly flow: RecordedFlow; readonly version: number; readonly id?: string }
  /** Before version 12: the messages of the WebSocket whose handshake is the flow with the id `handshake`. */
  | {
      readonly kind: 'webSocket';
      readonly handshake: string;
      readonly is: Pick<RecordedFlow, 'webSocket' | 'webSocketClose'>;
    }
  /** `what` names the kind: tcp, udp, dns, CONNECT … */
  | { readonly kind: 'other'; readonly what: string };

/** A record that is no usable flow, and whether a version newer than ours may be the reason. */
export class DumpRecordProblem extends Error {
  constructor(
    problem: string,
    readonly version: number | undefined,
  ) {
    super(problem);
  }
}

const TOP = fieldTable([
  'type',
  'version',
  'id',
  'request',
  'response',
  'error',
  'websocket',
  'metadata',
  ...WEB_SOCKET_FIELDS,
]);
const ERROR = fieldTable(['msg']);
const META = fieldTable(['websocket', 'websocket_handshake', ...Object.values(METADATA)]);

type Top = FieldsOf<typeof TOP>;
type Meta = FieldsOf<typeof META>;

/**
 * Reads one record; undefined when it is a dictionary, but none that a dump has. `warn` is told about lines that were left out.
 * @throws DumpRecordProblem when it is a record and cannot be used.
 * @throws SyntaxError when it is no dictionary at all.
 */
export function entryFrom(record: DumpRecord, file: RecordingFile, warn: Warn): DumpEntry | undefined {
  const top: Top = new DumpFields('record', record.cursor, TOP);
  if (!top.has('version') && !top.has('type') && !top.has('request')) return undefined;
  let version: number | undefined;
  try {
    version = top.integers('version')?.[0];
    const type = top.text('type') ?? 'http';
    if (type === 'websocket') return separateWebSocket(top);
    if (type !== 'http') return { kind: 'other', what: /^\w{1,20}$/.test(type) ? type : 'unknown' };
    return httpEntry(top, version ?? 0, record.number, { file, base: record.base, warn });
  } catch (error) {
    if (error instanceof SyntaxError) throw new DumpRecordProblem(error.message, version);
    throw error;
  }
}

function httpEntry(top: Top, version: number, number: number, origin: Origin): DumpEntry {
  const request = requestFrom(top.requiredInside('request'), origin);
  if (!request) return { kind: 'other', what: 'CONNECT' };
  const head = top.inside('response');
  const response = head && responseFrom(head, origin, request.message.endedAt);
  const error = errorOf(top);
  const meta = metadataOf(top);
  const webSocket = webSocketOf(top, meta);
  const unstored = {
    ...(!request.stored && { request: true }),
    ...(response?.stored === false && { response: true }),
  };
  const session = meta?.text(METADATA.session);
  const redacted = meta?.inside(METADATA.redacted);
  const chunks = response && chunksIn(meta?.text(METADATA.chunks), response.message);
  const flow: RecordedFlow = {
    source: origin.file.path,
    number,
    request: request.message,
    ...(response && { response: response.message }),
    ...(error !== undefined && { error }),
    ...(Object.keys(unstored).length > 0 && { unstored }),
    // An unusual closing code is an error there.
    ...(error !== undefined && response && !webSocket.webSocket && { incomplete: true }),
    ...(meta?.has(METADATA.left) && { left: true }),
    ...(chunks && { chunks }),
    ...webSocket,
    ...(redacted && { redacted: textsIn(redacted) }),
    ...(session !== undefined && { session }),
  };
  const id = version < 12 && webSocket.webSocket ? top.text('id') : undefined;
  return { kind: 'flow', flow: Object.freeze(flow), version, ...(id !== undefined && { id }) };
}

function errorOf(top: Top): string | undefined {
  const error = top.inside('error');
  return error && (new DumpFields('error', error, ERROR).text('msg') ?? 'an error without words');
}

function metadataOf(top: Top): Meta | undefined {
  const metadata = top.inside('metadata');
  return metadata && new DumpFields('metadata', metadata, META);
}

function webSocketOf(top: Top, meta: Meta | undefined): Pick<RecordedFlow, 'webSocket' | 'webSocketClose'> {
  const webSocket = top.inside('websocket');
  if (webSocket) return webSocketFrom(webSocket);
  return meta?.has('websocket') ? { webSocket: [] } : {};
}

function separateWebSocket(top: Top): DumpEntry {
  const handshake = metadataOf(top)?.text('websocket_handshake') ?? '';
  return { kind: 'webSocket', handshake, is: webSocketIn(top) };
}

function chunksIn(text: string | undefined, response: HttpResponse): BodyChunks | undefined {
  if (text === undefined) return undefined;
  try {
    const chunks = chunksOf(JSON.parse(text));
    return chunks && areOf(chunks, response.body.length) ? chunks : undefined;
  } catch {
    return undefined;
  }
}

function textsIn(cursor: TnetCursor): string[] {
  const texts: string[] = [];
  while (cursor.next()) texts.push(String(cursor.value()));
  return texts;
}
