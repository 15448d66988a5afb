import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { type Duplex, PassThrough, Transform } from 'node:stream';
import { createServer as createTlsServer } from 'node:tls';

/** What a proxy of a test was asked for. */
export interface TestProxy {
  readonly port: number;
  /** First lines of HTTP, `host:port` of SOCKS. */
  readonly asked: string[];
  /** Whole heads of HTTP requests, one character a byte. */
  readonly heads: string[];
  /** User names and passwords of SOCKS. */
  readonly logins: string[];
}

/** How a proxy of a test behaves. */
export interface TestProxyInit {
  /** `user:password` that it asks for. */
  auth?: string;
  /** Says this, with its head's empty line, instead of doing what it is asked. */
  answer?: string;
  /** Speaks TLS with this certificate. */
  tls?: { key: string; cert: string };
}

const servers: Server[] = [];
const sockets = new Set<Socket>();

/** Stops the proxies of a test; for `afterEach`. */
export function stopTestProxies(): void {
  for (const server of servers.splice(0)) server.close();
  for (const socket of sockets) socket.destroy();
  sockets.clear();
}

/** A proxy of HTTP: CONNECT, but not to port 80, and absolute-form for `http:`. Every name is 127.0.0.1 to it. */
export async function startHttpProxy({ auth, answer, tls }: TestProxyInit = {}): Promise<TestProxy> {
  const [asked, heads]: [string[], string[]] = [[], []];
  const expected =
    auth === undefined ? '' : `\r\nproxy-authorization: basic ${Buffer.from(auth).toString('base64')}`;
  const serve = async (client: Socket): Promise<unknown> => {
    let seen = '';
    while (!seen.includes('\r\n\r\n'))
      seen += ((await once(client, 'data')) as [Buffer])[0].toString('latin1');
    client.pause();
    const [head = '', rest = ''] = seen.split(/(?<=\r\n\r\n)/);
    const [, method, target = ''] = /^(\S+) (\S+) HTTP\/1\.1\r\n/.exec(head) ?? [];
    asked.push(`${method} ${target}`);
    heads.push(head);
    if (!head.toLowerCase().includes(expected.toLowerCase()))
      return client.end('HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n');
    if (answer !== undefined) return client.end(answer, 'latin1');
    if (method === 'CONNECT') {
      if (target.endsWith(':80')) return client.end('HTTP/1.1 403 Forbidden\r\n\r\n');
      const server = await reach(client, Number(/:(\d+)$/.exec(target)?.[1]));
      if (!server) return client.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
      client.write('HTTP/1.1 200 OK\r\nX-Proxy: test\r\n\r\n');
      return join(client, server);
    }
    const server = await reach(client, Number(new URL(target).port || 80));
    if (!server) return client.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
    server.write(inOriginForm(head) + rest, 'latin1');
    // Later requests of the connection, whose heads come in one piece each.
    const rewrite = new Transform({
      transform(chunk: Buffer, _, done) {
        heads.push(chunk.toString('latin1'));
        done(null, Buffer.from(inOriginForm(heads.at(-1)!), 'latin1'));
      },
    });
    return join(client, server, rewrite);
  };
  const start = (client: Socket) => void serve(keep(client)).catch(() => client.destroy());
  const server = tls ? createTlsServer(tls, start) : createServer(start);
  return { port: await listen(server), asked, heads, logins: [] };
}

/** A proxy of SOCKS5 (RFC 1928, RFC 1929). Every name is 127.0.0.1 to it. `reply` is what it says to CONNECT. */
export async function startSocksProxy({
  auth,
  reply = 0,
}: { auth?: string; reply?: number } = {}): Promise<TestProxy> {
  const [asked, logins]: [string[], string[]] = [[], []];
  const serve = async (client: Socket) => {
    const take = async (count: number): Promise<Buffer> => {
      for (;;) {
        const bytes = client.read(count) as Buffer | null;
        if (bytes) return bytes;
        await once(client, 'readable');
      }
    };
    const text = async () => (await take((await take(1))[0]!)).toString();
    const [, count] = await take(2);
    const methods = await take(count!);
    const method = auth === undefined ? 0 : methods.includes(2) ? 2 : 0xff;
    client.write(Buffer.from([5, method]));
    if (method === 2) {
      await take(1);
      const login = `${await text()}:${await text()}`;
      logins.push(login);
      client.write(Buffer.from([1, login === auth ? 0 : 1]));
    }
    const [, , , kind] = await take(4);
    const host =
      kind === 3 ? await text() : kind === 1 ? (await take(4)).join('.') : (await take(16)).toString('hex');
    const port = (await take(2)).readUInt16BE();
    asked.push(`${host}:${port}`);
    const say = (code: number) => client.write(Buffer.from([5, code, 0, 1, 0, 0, 0, 0, 0, 0]));
    if (reply !== 0) return void say(reply);
    const server = await reach(client, port);
    say(server ? 0 : 5);
    if (server) join(client, server);
  };
  const server = createServer((client) => void serve(keep(client)).catch(() => client.destroy()));
  return { port: await listen(server), asked, heads: [], logins };
}

async function listen(server: Server): Promise<number> {
  servers.push(server.listen(0, '127.0.0.1'));
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

function keep(socket: Socket): Socket {
  sockets.add(socket.on('error', () => {}));
  return socket.once('close', () => sockets.delete(socket));
}

async function reach(client: Socket, port: number): Promise<Socket | undefined> {
  const server = keep(connect(port, '127.0.0.1'));
  client.once('close', () => server.destroy());
  return await Promise.race([
    once(server, 'connect').then(() => server),
    once(server, 'close').then(() => undefined),
  ]).catch(() => undefined);
}

function join(client: Socket, server: Socket, between: Duplex = new PassThrough()): void {
  server.once('close', () => client.destroy());
  client.pipe(between).pipe(server).pipe(client);
}

function inOriginForm(head: string): string {
  return head.replace(/^(\S+ )http:\/\/[^/]+/, '$1').replace(/^proxy-.*\r\n/gim, '');
}
