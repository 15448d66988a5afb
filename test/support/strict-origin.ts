import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { CertificateAuthority } from '../../src/transport/certificate-authority';
import { type StrictMessage, strictRequest } from './strict-message';

/** What one connection to the origin has brought. */
export interface OriginConnection {
  readonly socket: Socket;
  /** What carries the bytes; the same unless that is TLS. */
  readonly tcp: Socket;
  /** All bytes, one character each. */
  received: string;
  /** Bytes that belong to no whole request so far. */
  rest: string;
}

/** A request as it came. */
export interface OriginRequest extends StrictMessage {
  /** Its bytes, one character each. */
  readonly text: string;
  /** What it came over. */
  readonly connection: OriginConnection;
}

/** How the origin answers; it may write and close as it likes. */
export type Answer = (request: OriginRequest, connection: OriginConnection) => void;

/** A server that keeps the bytes it got, and takes nothing but well-formed requests, one after the other. */
export class StrictOrigin {
  readonly connections: OriginConnection[] = [];
  readonly requests: OriginRequest[] = [];
  /** What it could not take, in words. */
  readonly faults: string[] = [];
  answer: Answer = ({ start: [method] }, { socket }) =>
    void socket.write(`HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n${method === 'HEAD' ? '' : 'ok'}`);
  readonly #server: Server;

  private constructor(server: Server, event: 'connection' | 'secureConnection') {
    this.#server = server;
    const carriers = new Map<number | undefined, Socket>();
    server.on('connection', (socket: Socket) => void carriers.set(socket.remotePort, socket));
    server.on(event, (socket: Socket) => this.#serve(socket, carriers.get(socket.remotePort) ?? socket));
  }

  /** On a free port of 127.0.0.1; with `authority`, the folder of a CA, it speaks TLS. */
  static async start(authority?: string): Promise<StrictOrigin> {
    const server = authority
      ? createTlsServer((await CertificateAuthority.open(authority, Date.now)).leafFor('127.0.0.1'))
      : createServer();
    const origin = new StrictOrigin(server, authority ? 'secureConnection' : 'connection');
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return origin;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Bytes on open connections that are no whole request. */
  get leftovers(): string[] {
    return this.connections.map(({ rest }) => rest).filter((rest) => rest !== '');
  }

  /** Forgets what came so far. */
  clear(): void {
    this.requests.length = this.faults.length = 0;
    for (const connection of this.connections) connection.received = connection.rest;
  }

  /** Ends all connections. */
  hangUp(): void {
    for (const { socket } of this.connections.splice(0)) socket.destroy();
  }

  async stop(): Promise<void> {
    const closed = once(this.#server, 'close');
    this.#server.close();
    this.hangUp();
    await closed;
  }

  #serve(socket: Socket, tcp: Socket): void {
    const connection: OriginConnection = { socket, tcp, received: '', rest: '' };
    this.connections.push(connection);
    socket.on('error', () => {});
    socket.on('data', (chunk) => {
      connection.received += chunk.toString('latin1');
      connection.rest += chunk.toString('latin1');
      try {
        for (let one = strictRequest(connection.rest); one; one = strictRequest(connection.rest)) {
          const request = { ...one, text: connection.rest.slice(0, one.length), connection };
          connection.rest = connection.rest.slice(one.length);
          this.requests.push(request);
          this.answer(request, connection);
          if (connection.rest === '') break;
        }
      } catch (error) {
        this.faults.push(`${(error as Error).message} in ${JSON.stringify(connection.received)}`);
        socket.destroy();
      }
    });
    socket.once('close', () => {
      const at = this.connections.indexOf(connection);
      if (at >= 0) this.connections.splice(at, 1);
    });
  }
}
