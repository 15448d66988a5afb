import type { HeaderPair } from '../http/headers';
import type { ChunkList } from './chunk-list';
import type { RecordedWebSocketClose } from './recorded-flow';

/**
 * What HAR cannot say, in the member `_replay` of an entry. The standard fields are the truth: each of these counts only while
 * it agrees with them, so that a recording can be edited by hand.
 */
export interface EntryExtras {
  readonly request?: MessageExtras & { readonly target?: TargetExtras };
  readonly response?: MessageExtras;
  /** Epoch milliseconds: request first and last byte, response head and last byte. Left out when the standard fields give the same. */
  readonly times?: readonly (number | null)[];
  readonly redacted?: readonly string[];
  readonly incomplete?: boolean;
  /** A stream without end that the client left. */
  readonly left?: boolean;
  readonly unstored?: { readonly request?: boolean; readonly response?: boolean };
  readonly session?: string;
  /** How a WebSocket ended. */
  readonly webSocketClose?: RecordedWebSocketClose;
}

/** What HAR cannot say about one message. */
export interface MessageExtras {
  readonly trailers?: readonly HeaderPair[];
  readonly body?: CodedBody;
  readonly chunks?: ChunkExtras;
}

/** How the bytes of a streamed body came; counts exactly while they are these bytes. */
export interface ChunkExtras {
  /** SHA-256, hex, of the bytes as received; left out for a body in a file of its own. */
  readonly digest?: string;
  readonly list: ChunkList;
}

/** The target of a request whose URL does not tell it exactly; counts while the URL is still this one. */
export interface TargetExtras {
  readonly url: string;
  readonly host: string;
  readonly port: number;
  readonly path: string;
}

/**
 * A body in its content coding: as base64 in `encoded`, or in a file beside the recording. With neither, the standard field itself
 * holds the coded bytes, since they could not be decoded.
 */
export interface CodedBody {
  /** SHA-256, hex, of the bytes in the standard field; it no longer agrees once they were edited. */
  readonly digest: string;
  /** The content coding of the coded bytes, as the header named it. */
  readonly coding: string;
  readonly encoded?: string;
  readonly _file?: string;
}
