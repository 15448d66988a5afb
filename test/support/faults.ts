import dns from 'node:dns';
import net from 'node:net';

/** What a process asks of a socket, one after the other. */
export type Operation = 'lookup' | 'connect' | 'read' | 'write' | 'end';

/** How each can fail, as the system says it. */
export const FAILURES: Readonly<Record<Operation, readonly string[]>> = {
  lookup: ['ENOTFOUND', 'EMFILE'],
  connect: ['ECONNREFUSED', 'ETIMEDOUT', 'EMFILE'],
  read: ['ECONNRESET', 'ETIMEDOUT'],
  write: ['EPIPE', 'ECONNRESET'],
  end: ['EPIPE'],
};

interface Internals {
  push(chunk: unknown, encoding?: BufferEncoding): boolean;
  connect(...args: unknown[]): net.Socket;
  _writeGeneric(writev: boolean, data: unknown, encoding: string, done: (error?: Error) => void): void;
  _final(done: (error?: Error) => void): void;
}

/**
 * Counts what the sockets of one side do, those that were accepted on the ports of `listening` and those that connect to the ports
 * of `upstream`, and lets one operation fail; beneath are real sockets. Other sockets of the process are left alone.
 */
export class Faults {
  readonly listening = new Set<number>();
  upstream = new Set<number>();
  /** What was done since the last `begin`. */
  operations: Operation[] = [];
  #isOn = false;
  #failAt = -1;
  #code = '';
  readonly #ours = new WeakSet<net.Socket>();
  readonly #prototype = net.Socket.prototype as unknown as Internals;
  readonly #real = { ...pick(net.Socket.prototype as unknown as Internals), lookup: dns.lookup };

  /** Puts itself between Node's sockets and the system. */
  install(): void {
    const prototype = this.#prototype;
    const real = this.#real;
    // eslint-disable-next-line @typescript-eslint/no-this-alias -- the functions below have the socket as theirs
    const faults = this;
    prototype.connect = function (this: net.Socket & Internals, ...args: unknown[]) {
      const [first] = args;
      const options = (Array.isArray(first) ? (first as unknown[])[0] : first) as { port?: unknown };
      if (!faults.upstream.has(Number(options.port))) return real.connect.apply(this, args);
      faults.#ours.add(this);
      const error = faults.#next('connect');
      if (error) process.nextTick(() => this.destroy(error));
      return error ? this : real.connect.apply(this, args);
    };
    prototype.push = function (this: net.Socket & Internals, chunk, encoding) {
      const error = faults.#isOurs(this) ? faults.#next('read') : undefined;
      if (error) this.destroy(error);
      return error ? false : real.push.call(this, chunk, encoding);
    };
    prototype._writeGeneric = function (this: net.Socket & Internals, writev, data, encoding, done) {
      const error = faults.#isOurs(this) ? faults.#next('write') : undefined;
      if (error) done(error);
      else real._writeGeneric.call(this, writev, data, encoding, done);
    };
    prototype._final = function (this: net.Socket & Internals, done) {
      const error = faults.#isOurs(this) ? faults.#next('end') : undefined;
      if (error) done(error);
      else real._final.call(this, done);
    };
    const lookup = (host: string, options: object, done: (error: Error, ...rest: unknown[]) => void) => {
      const error = faults.#next('lookup');
      if (error) process.nextTick(done, error);
      else (real.lookup as (...args: unknown[]) => void)(host, options, done);
    };
    dns.lookup = lookup as typeof dns.lookup;
  }

  uninstall(): void {
    const { lookup, ...methods } = this.#real;
    Object.assign(this.#prototype, methods);
    // It is inherited otherwise.
    delete (this.#prototype as Partial<Internals>).push;
    dns.lookup = lookup;
  }

  /** Counts from here on, and lets the operation at `failAt`, from 0, fail with `code`. */
  begin(failAt = -1, code = ''): void {
    this.operations = [];
    this.#failAt = failAt;
    this.#code = code;
    this.#isOn = true;
  }

  /** Counts no more. True when the operation came that was to fail. */
  end(): boolean {
    this.#isOn = false;
    return this.operations.length > this.#failAt;
  }

  #isOurs(socket: net.Socket): boolean {
    return this.#isOn && (this.#ours.has(socket) || this.listening.has(socket.localPort ?? 0));
  }

  #next(operation: Operation): Error | undefined {
    if (!this.#isOn) return undefined;
    const at = this.operations.push(operation) - 1;
    if (at !== this.#failAt || !FAILURES[operation].includes(this.#code)) return undefined;
    return Object.assign(new Error(`${operation} ${this.#code}`), { code: this.#code, syscall: operation });
  }
}

function pick({ push, connect, _writeGeneric, _final }: Internals): Internals {
  return { push, connect, _writeGeneric, _final };
}
