import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';

/** A client that says exactly what it is told to, byte for byte. */
export class RawClient {
  readonly socket: Socket;
  #received = Buffer.alloc(0);
  #ended = false;
  #wake: () => void = () => {};

  constructor(socket: Socket) {
    this.socket = socket;
    socket.on('data', (chunk) => {
      this.#received = Buffer.concat([this.#received, chunk]);
      this.#wake();
    });
    for (const event of ['end', 'close']) {
      socket.on(event, () => {
        this.#ended = true;
        this.#wake();
      });
    }
    socket.on('error', () => {});
  }

  static async open({ host, port }: { host: string; port: number }): Promise<RawClient> {
    const socket = connect({ host, port, allowHalfOpen: true });
    await once(socket, 'connect');
    return new RawClient(socket);
  }

  /** TLS over this connection from now on. Rejects when the handshake fails. */
  async secure(options: {
    ca: string;
    /** The name or address that the certificate must be for, where no name is asked for. */
    host?: string;
    servername?: string;
    ALPNProtocols?: string[];
    checkServerIdentity?: () => undefined;
  }): Promise<RawClient> {
    this.socket.removeAllListeners('data');
    const secured = connectTls({ ALPNProtocols: ['http/1.1'], ...options, socket: this.socket });
    await once(secured, 'secureConnect');
    return new RawClient(secured);
  }

  send(bytes: string | Buffer): this {
    this.socket.write(typeof bytes === 'string' ? Buffer.from(bytes, 'latin1') : bytes);
    return this;
  }

  /** All that has come so far, one character a byte. */
  get received(): string {
    return this.#received.toString('latin1');
  }

  /** Forgets what has come so far. */
  clear(): this {
    this.#received = Buffer.alloc(0);
    return this;
  }

  /** Waits until what has come matches; what came instead is in the error when the connection ends first. */
  async until(pattern: RegExp): Promise<string> {
    while (!pattern.test(this.received)) {
      if (this.#ended) throw new Error(`the connection ended after ${JSON.stringify(this.received)}`);
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
    return this.received;
  }

  /** Waits until `parse` finds what it looks for at the start of what has come, and takes that off. */
  async take<T>(
    parse: (received: string, ended: boolean) => { value: T; length: number } | undefined,
  ): Promise<T> {
    for (;;) {
      const found = parse(this.received, this.#ended);
      if (found) {
        this.#received = this.#received.subarray(found.length);
        return found.value;
      }
      if (this.#ended) throw new Error(`the connection ended after ${JSON.stringify(this.received)}`);
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  /** Settles when more has come, or the end. */
  changed(): Promise<void> {
    return this.#ended ? Promise.resolve() : new Promise((resolve) => (this.#wake = resolve));
  }

  /** True once the other side has ended the connection. */
  get ended(): boolean {
    return this.#ended;
  }

  /** Waits for the other side's end and returns all that came. */
  async end(): Promise<string> {
    while (!this.#ended) await new Promise<void>((resolve) => (this.#wake = resolve));
    this.socket.destroy();
    return this.received;
  }

  close(): void {
    this.socket.destroy();
  }
}
