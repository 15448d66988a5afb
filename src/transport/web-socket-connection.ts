import type { Socket } from 'node:net';
import type { Writable } from 'node:stream';
import type { WebSocketControl, WebSocketMessage, WebSocketPeer } from '../core/web-socket';
import { closeReason, isCloseCode } from '../http/close-code';
import { endWith } from './linger';
import { type ArrivedMessage, FULL, MessageInbox, sizeOf } from './message-inbox';
import type { Extensions, Sender, WsParts } from './ws-parts';

/** What a connection is set up with. */
export interface WebSocketConnectionOptions {
  readonly ws: WsParts;
  /** Which part we play: frames of clients are masked (RFC 6455 §5.3). */
  readonly as: 'client' | 'server';
  readonly extensions: Extensions;
  /** Bytes of a message that is taken, decompressed; a longer one ends it with 1009. */
  readonly longest: number;
  /** Milliseconds that the other side has to answer a close frame. */
  readonly closing: number;
  readonly now: () => number;
  /** Hears that the other side has broken it off. */
  readonly broken?: () => void;
}

interface Goodbye {
  readonly code: number;
  readonly reason: string;
}

/** Bytes that are read at once: what they decompress to has to be kept. */
const PIECE = 16 * 1024;
const MOST_FRAGMENTS = 64 * 1024;
const BROKEN: Goodbye = { code: 1006, reason: '' };

/** One side's WebSocket after its handshake, over a socket that is ours. Nothing is read before `messages` is. */
export class WebSocketConnection implements WebSocketPeer {
  readonly closed: Promise<Goodbye>;
  readonly #socket: Socket;
  readonly #options: WebSocketConnectionOptions;
  readonly #receiver: Writable;
  readonly #sender: Sender;
  readonly #inbox = new MessageInbox();
  #unsent = 0;
  #relay: WebSocketPeer | undefined;
  #heard: Goodbye | undefined;
  #isReading = false;
  #hasSaidGoodbye = false;
  #settle!: (goodbye: Goodbye) => void;
  #timer: NodeJS.Timeout | undefined;

  constructor(socket: Socket, options: WebSocketConnectionOptions) {
    const { ws, as, extensions, longest } = options;
    this.#socket = socket;
    this.#options = options;
    this.closed = new Promise((resolve) => (this.#settle = resolve));
    this.#sender = new ws.Sender(socket, extensions);
    this.#sender.onerror = () => socket.destroy();
    this.#receiver = new ws.Receiver({
      isServer: as === 'server',
      extensions,
      maxPayload: longest,
      maxFragments: MOST_FRAGMENTS,
      maxBufferedChunks: 4 * MOST_FRAGMENTS,
    });
    this.#receiver
      .on('message', (data: Buffer, isBinary: boolean) =>
        this.#inbox.push({ opcode: isBinary ? 2 : 1, data, time: options.now() }),
      )
      .on('ping', (data: Buffer) => this.#controlled('ping', data))
      .on('pong', (data: Buffer) => this.#controlled('pong', data))
      .on('conclude', (code: number, reason: Buffer) => this.#hear({ code, reason: reason.toString('utf8') }))
      .on('error', () => {});
    socket.setTimeout(0);
    socket.setNoDelay(true);
    // A side may be silent for days, but not be gone.
    socket.setKeepAlive(true, 60_000);
    socket.on('error', () => {});
    socket.once('close', () => {
      clearTimeout(this.#timer);
      if (this.#heard === undefined) this.#hear(BROKEN);
      extensions['permessage-deflate']?.cleanup();
    });
  }

  get messages(): AsyncIterable<ArrivedMessage> {
    return this.#take();
  }

  async send({ opcode, data }: Pick<WebSocketMessage, 'opcode' | 'data'>): Promise<void> {
    if (this.#hasSaidGoodbye || this.#socket.destroyed) return;
    const { as, extensions } = this.#options;
    const compress = extensions['permessage-deflate'] !== undefined;
    const size = sizeOf({ data });
    this.#unsent += size;
    await new Promise<void>((resolve) => {
      const options = { binary: opcode === 2, compress, fin: true, mask: as === 'client' };
      this.#sender.send(data, options, () => {
        this.#unsent -= size;
        resolve();
      });
      if (this.#unsent < FULL) resolve();
    });
  }

  close(code: number, reason = ''): void {
    const isOver = this.#hasSaidGoodbye && this.#heard !== undefined;
    if (isOver) return;
    if (code !== 1005 && !isCloseCode(code)) {
      this.#heard ??= BROKEN;
      this.#hasSaidGoodbye = true;
      this.#inbox.end();
      this.#socket.destroy();
      return;
    }
    if (this.#hasSaidGoodbye) return;
    this.#hasSaidGoodbye = true;
    this.#sayGoodbye(code, reason);
    if (this.#heard) this.#hangUp();
    else this.#timer = setTimeout(() => this.#socket.destroy(), this.#options.closing);
  }

  relayControls(other: WebSocketPeer): void {
    this.#relay = other;
  }

  control(kind: WebSocketControl, data: Buffer): void {
    // One that finds no place on its way to a peer that does not read would only pile up.
    if (this.#hasSaidGoodbye || this.#socket.destroyed || this.#socket.writableLength > FULL) return;
    this.#sender[kind](data, this.#options.as === 'client');
  }

  async *#take(): AsyncGenerator<ArrivedMessage> {
    if (!this.#isReading) void this.#read();
    yield* this.#inbox.take();
    this.#settle(this.#heard ?? BROKEN);
  }

  /** Reads piece by piece, as fast as messages are taken. */
  async #read(): Promise<void> {
    this.#isReading = true;
    try {
      for await (const piece of this.#pieces()) {
        await this.#receive(piece);
        if (this.#heard) break;
        await this.#inbox.room();
      }
    } catch (error) {
      this.#giveUp(error as NodeJS.ErrnoException);
    }
    if (this.#heard === undefined) this.#hear(BROKEN);
    // What follows a goodbye means nothing, but stands in the way of the end of the connection.
    this.#socket.once('end', () => this.#socket.end()).resume();
  }

  async *#pieces(): AsyncGenerator<Buffer> {
    for await (const chunk of this.#socket.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>)
      for (let at = 0; at < chunk.length; at += PIECE) yield chunk.subarray(at, at + PIECE);
  }

  #receive(piece: Buffer): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#receiver.write(piece, (error) => (error ? reject(error) : resolve()));
    });
  }

  #controlled(kind: WebSocketControl, data: Buffer): void {
    if (this.#relay) this.#relay.control(kind, data);
    else if (kind === 'ping') this.control('pong', data);
  }

  /** The other side's last word. */
  #hear(goodbye: Goodbye): void {
    if (this.#heard) return;
    this.#heard = goodbye;
    this.#inbox.end();
    if (goodbye === BROKEN) {
      this.#socket.destroy();
      if (!this.#hasSaidGoodbye) this.#options.broken?.();
    } else if (this.#hasSaidGoodbye) this.#hangUp();
  }

  /** Says what is wrong with the bytes that came, which is the end (RFC 6455 §7.1.7). */
  #giveUp(error: NodeJS.ErrnoException): void {
    const code = closeCodeOf(error);
    if (code === undefined || this.#heard) return this.#hear(BROKEN);
    const goodbye = { code, reason: closeReason(error.message) };
    if (!this.#hasSaidGoodbye) {
      this.#hasSaidGoodbye = true;
      this.#sayGoodbye(code, goodbye.reason);
    }
    this.#hear(goodbye);
  }

  #sayGoodbye(code: number, reason: string): void {
    this.#sender.close(code === 1005 ? undefined : code, closeReason(reason), this.#options.as === 'client');
  }

  /** Both have said goodbye (RFC 6455 §7.1.1). */
  #hangUp(): void {
    clearTimeout(this.#timer);
    endWith(this.#socket);
  }
}

/** The close code for an error of `ws` (RFC 6455 §7.4.1); undefined for one of the socket. */
function closeCodeOf({ code = '' }: NodeJS.ErrnoException): number | undefined {
  if (/^WS_ERR_UNSUPPORTED_(?:DATA_PAYLOAD|MESSAGE)_LENGTH$/.test(code)) return 1009;
  if (code === 'WS_ERR_TOO_MANY_BUFFERED_PARTS') return 1008;
  if (code === 'WS_ERR_INVALID_UTF8' || /^Z_/.test(code)) return 1007;
  return code.startsWith('WS_ERR_') ? 1002 : undefined;
}
