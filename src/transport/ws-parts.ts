import type { Writable } from 'node:stream';
import type { Socket } from 'node:net';

/** What `ws` names its exports by that read and write frames; its types leave them out. */
export interface WsParts {
  readonly Receiver: new (options: ReceiverOptions) => Writable;
  readonly Sender: new (socket: Socket, extensions: Extensions) => Sender;
  readonly PerMessageDeflate: new (options: DeflateOptions) => PerMessageDeflate;
  readonly extension: {
    /** @throws SyntaxError */
    parse(header: string): Record<string, DeflateParams[] | undefined>;
    format(extensions: Record<string, object[]>): string;
  };
}

/** The negotiated extensions, by name (RFC 6455 §9). */
export interface Extensions {
  'permessage-deflate'?: PerMessageDeflate;
}

/** What a receiver is told; it writes `message`, `ping`, `pong`, `conclude` and `error`. */
export interface ReceiverOptions {
  /** It reads what clients send. */
  readonly isServer: boolean;
  readonly extensions: Extensions;
  /** Bytes of a message, after decompression. */
  readonly maxPayload: number;
  readonly maxFragments: number;
  readonly maxBufferedChunks: number;
}

/** Writes frames. The callbacks are called once what was given is with the socket, or lost. */
export interface Sender {
  onerror: () => void;
  send(
    data: Buffer,
    options: { binary: boolean; compress: boolean; fin: boolean; mask: boolean },
    done: () => void,
  ): void;
  ping(data: Buffer, mask: boolean): void;
  pong(data: Buffer, mask: boolean): void;
  close(code: number | undefined, reason: string, mask: boolean): void;
}

/** Parameters of one offer, or of its answer (RFC 7692 §7.1), before and after they were checked. */
export type DeflateParams = Record<string, unknown>;

/** How compression is agreed on; what is undefined is left to the other side. */
export interface DeflateOptions {
  readonly isServer: boolean;
  readonly maxPayload: number;
  readonly serverNoContextTakeover?: boolean;
  readonly clientNoContextTakeover?: boolean;
  readonly serverMaxWindowBits?: number;
  readonly clientMaxWindowBits?: number;
}

/** The compression of one connection. */
export interface PerMessageDeflate {
  /** @throws Error when none of the offers, or not this answer, can be taken. */
  accept(params: DeflateParams[]): DeflateParams;
  cleanup(): void;
}

let parts: Promise<WsParts> | undefined;

/** Loads `ws` with the first WebSocket. */
export function loadWs(): Promise<WsParts> {
  return (parts ??= import('ws') as unknown as Promise<WsParts>);
}
