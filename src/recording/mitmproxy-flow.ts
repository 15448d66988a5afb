import { areOf, type BodyChunks } from '../http/chunks';
import type { HttpResponse } from '../http/response';
import { chunksOf } from './chunk-list';
import type { Warn } from './har-headers';
import { DumpFields } from './mitmproxy-fields';
import { type DumpMessage, DumpMessageReader, type Origin } from './mitmproxy-messages';
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

const TOP = [
  'type',
  'version',
  'id',
  'request',
  'response',
  'error',
  'websocket',
  'metadata',
  ...WEB_SOCKET_FIELDS,
] as const;
const META = ['websocket', 'websocket_handshake', ...Object.values(METADATA)] as const;

type Top = DumpFields<(typeof TOP)[number]>;
type Meta = DumpFields<(typeof META)[number]>;

/** Reads the records of one dump. */
export class DumpEntryReader {
  readonly #file: RecordingFile;
  readonly #messages = new DumpMessageReader();
  readonly #top: Top = new DumpFields('record', TOP);
  readonly #meta: Meta = new DumpFields('metadata', META);

  constructor(file: RecordingFile) {
    this.#file = file;
  }

  /**
   * Reads one record; undefined when it is a dictionary, but none that a dump has. `warn` is told about lines that were left out.
   * @throws DumpRecordProblem when it is a record and cannot be used.
   * @throws SyntaxError when it is no dictionary at all.
   */
  read(record: DumpRecord, warn: Warn): DumpEntry | undefined {
    const top = this.#top.of(record.cursor);
    if (!top.has('version') && !top.has('type') && !top.has('request')) return undefined;
    let version: number | undefined;
    try {
      version = top.integers('version')?.[0];
      const type = top.text('type') ?? 'http';
      if (type === 'websocket') return this.#separateWebSocket(top);
      if (type !== 'http') return { kind: 'other', what: /^\w{1,20}$/.test(type) ? type : 'unknown' };
      return this.#http(top, version ?? 0, record.number, { file: this.#file, base: record.base, warn });
    } catch (error) {
      if (error instanceof SyntaxError) throw new DumpRecordProblem(error.message, version);
      throw error;
    }
  }

  #http(top: Top, version: number, number: number, origin: Origin): DumpEntry {
    const request = this.#messages.request(top.requiredInside('request'), origin);
    if (!request) return { kind: 'other', what: 'CONNECT' };
    const head = top.inside('response');
    const response = head && this.#messages.response(head, origin, request.message.endedAt);
    const source = origin.file.path;
    const flow: RecordedFlow = response
      ? { source, number, request: request.message, response: response.message }
      : { source, number, request: request.message };
    const meta = this.#metadataOf(top);
    const webSocket = webSocketOf(top, meta);
    const facts = { ...factsOf(top, meta, request.stored, response, webSocket), ...webSocket };
    const id = version < 12 && webSocket.webSocket ? top.text('id') : undefined;
    return {
      kind: 'flow',
      // Most have none; a copy takes longer than all the rest.
      flow: Object.freeze(Object.keys(facts).length === 0 ? flow : { ...flow, ...facts }),
      version,
      ...(id !== undefined && { id }),
    };
  }

  #metadataOf(top: Top): Meta | undefined {
    const metadata = top.inside('metadata');
    return metadata && this.#meta.of(metadata);
  }

  #separateWebSocket(top: Top): DumpEntry {
    const handshake = this.#metadataOf(top)?.text('websocket_handshake') ?? '';
    return { kind: 'webSocket', handshake, is: webSocketIn(top) };
  }
}

/** What is known of an exchange beside its messages. */
function factsOf(
  top: Top,
  meta: Meta | undefined,
  isRequestStored: boolean,
  response: DumpMessage<HttpResponse> | undefined,
  { webSocket }: Pick<RecordedFlow, 'webSocket'>,
): Omit<RecordedFlow, 'source' | 'number' | 'request'> {
  const error = errorOf(top);
  const unstored = {
    ...(!isRequestStored && { request: true }),
    ...(response?.stored === false && { response: true }),
  };
  const session = meta?.text(METADATA.session);
  const redacted = meta?.inside(METADATA.redacted);
  const chunks = response && chunksIn(meta?.text(METADATA.chunks), response.message);
  return {
    ...(error !== undefined && { error }),
    ...(Object.keys(unstored).length > 0 && { unstored }),
    // An unusual closing code is an error there.
    ...(error !== undefined && response && !webSocket && { incomplete: true }),
    ...(meta?.has(METADATA.left) && { left: true }),
    ...(chunks && { chunks }),
    ...(redacted && { redacted: textsIn(redacted) }),
    ...(session !== undefined && { session }),
  };
}

function errorOf(top: Top): string | undefined {
  const error = top.inside('error');
  return error && (new DumpFields('error', ['msg']).of(error).text('msg') ?? 'an error without words');
}

function webSocketOf(top: Top, meta: Meta | undefined): Pick<RecordedFlow, 'webSocket' | 'webSocketClose'> {
  const webSocket = top.inside('websocket');
  if (webSocket) return webSocketFrom(webSocket);
  return meta?.has('websocket') ? { webSocket: [] } : {};
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
