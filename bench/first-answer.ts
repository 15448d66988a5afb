import { request } from 'node:http';
import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { HOST } from './answers';
import type { Launched } from './launched';
import { REQUEST_HEADERS, type Shape } from './recordings';
import { openTunnel } from './tunnel';

/** An answer as it came. */
export interface Got {
  readonly status: number;
  readonly body: Buffer;
}

/** Asks the proxy at `port` until it answers; a connection refused is asked for anew after 2 ms. */
export async function firstAnswer(
  port: number,
  path: string,
  scheme: Shape['scheme'],
  server: Launched,
  host = HOST,
): Promise<Got> {
  for (const end = Date.now() + 120_000; ;) {
    server.check();
    try {
      return await ask(port, path, scheme, host);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ECONNREFUSED' || Date.now() > end) throw error;
      await sleep(2);
    }
  }
}

/** Asks the proxy at `port` once, on a connection of its own. */
export async function ask(port: number, path: string, scheme: Shape['scheme'], host = HOST): Promise<Got> {
  if (scheme === 'http')
    return answered({ host: '127.0.0.1', port, path: `http://${host}${path}`, agent: false }, host);
  const socket = await openTunnel(port, host, 'http/1.1');
  return answered({ createConnection: () => socket, path }, host);
}

type Way =
  | { readonly host: string; readonly port: number; readonly path: string; readonly agent: false }
  | { readonly createConnection: () => Duplex; readonly path: string };

function answered(way: Way, authority: string): Promise<Got> {
  return new Promise((resolve, reject) => {
    const headers = { ...Object.fromEntries(REQUEST_HEADERS), Host: authority, Connection: 'close' };
    request({ ...way, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => resolve({ status: response.statusCode!, body: Buffer.concat(chunks) }));
    })
      .on('error', reject)
      .end();
  });
}
