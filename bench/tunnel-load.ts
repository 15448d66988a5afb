import { connect, constants, type ClientHttp2Session } from 'node:http2';
import type { TLSSocket } from 'node:tls';
import { HOST } from './answers';
import { REQUEST_HEADERS } from './recordings';
import { openTunnel } from './tunnel';
import type { Load, Loaded, Speaks } from './work';

/** Requests that go on at a time in one HTTP/2 connection; the connections are the tenth of those of HTTP/1.1. */
export const STREAMS = 10;

/** A load inside CONNECT and TLS, which autocannon cannot make: the tunnels are opened first, and are not in the time. */
export async function loadTunnels(
  { port, host, paths, connections, seconds }: Load,
  speaks: Exclude<Speaks, 'absolute form'>,
): Promise<Loaded> {
  const isHttp2 = speaks === 'tunnel, HTTP/2';
  const tunnels = await Promise.all(
    Array.from({ length: connections }, () => openTunnel(port, host, isHttp2 ? 'h2' : 'http/1.1')),
  );
  const from = performance.now();
  const asked = { from: 0, paths, until: from + seconds * 1000 };
  const counts = await Promise.all(tunnels.map((tunnel) => (isHttp2 ? overHttp2 : overHttp1)(tunnel, asked)));
  const taken = (performance.now() - from) / 1000;
  return { answers: counts.reduce((sum, count) => sum + count, 0), failures: 0, seconds: taken };
}

/** Where all connections are in the list of paths, and when to stop. */
interface Asked {
  from: number;
  readonly paths: readonly string[];
  readonly until: number;
}

function next(asked: Asked): string {
  return asked.paths[asked.from++ % asked.paths.length]!;
}

/** One request after the other, of which only status and length of the answers are read. Rejects unless they are 200 and framed. */
function overHttp1(socket: TLSSocket, asked: Asked): Promise<number> {
  const fields = REQUEST_HEADERS.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  const ask = () => socket.write(`GET ${next(asked)} HTTP/1.1\r\n${fields}\r\n`);
  return new Promise((resolve, reject) => {
    let answers = 0;
    let head = '';
    let left = -1;
    socket.on('data', (bytes: Buffer) => {
      let body = bytes.length;
      if (left < 0) {
        head += bytes.toString('latin1');
        const end = head.indexOf('\r\n\r\n');
        if (end < 0) return;
        const length = /\r\ncontent-length: *(\d+)\r\n/i.exec(head.slice(0, end + 2))?.[1];
        if (!head.startsWith('HTTP/1.1 200 ') || length === undefined) {
          socket.destroy(new Error(`an answer begins with ${head.slice(0, end)}`));
          return;
        }
        body = head.length - end - 4;
        left = Number(length);
        head = '';
      }
      left -= body;
      if (left > 0) return;
      left = -1;
      answers += 1;
      if (performance.now() < asked.until) ask();
      else {
        socket.destroy();
        resolve(answers);
      }
    });
    socket.on('error', reject).on('close', () => reject(new Error('a tunnel was closed')));
    ask();
  });
}

async function overHttp2(socket: TLSSocket, asked: Asked): Promise<number> {
  const session = connect(`https://${HOST}`, { createConnection: () => socket });
  const fields = Object.fromEntries(REQUEST_HEADERS.filter(([name]) => name !== 'Host'));
  let answers = 0;
  const lane = async () => {
    while (performance.now() < asked.until) {
      await askOnce(session, { ...fields, [constants.HTTP2_HEADER_PATH]: next(asked) });
      answers += 1;
    }
  };
  try {
    await Promise.all(Array.from({ length: STREAMS }, lane));
  } finally {
    session.destroy();
  }
  return answers;
}

function askOnce(session: ClientHttp2Session, headers: Record<string, string>): Promise<void> {
  return new Promise((resolve, reject) => {
    const stream = session.request(headers, { endStream: true });
    stream.on('response', ({ [constants.HTTP2_HEADER_STATUS]: status }) => {
      if (Number(status) !== 200) reject(new Error(`answered with status ${status}`));
    });
    stream.on('error', reject).on('end', resolve).resume();
  });
}
