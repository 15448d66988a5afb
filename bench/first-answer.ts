import { request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { HOST } from './answers';
import { REQUEST_HEADERS } from './recordings';
import type { Launched } from './launched';

/** An answer as it came. */
export interface Got {
  readonly status: number;
  readonly headers: readonly string[];
  readonly body: Buffer;
}

/** Asks the proxy at `port` until it answers; a connection refused is asked for anew after 2 ms. */
export async function firstAnswer(port: number, path: string, process: Launched): Promise<Got> {
  for (const end = Date.now() + 120_000; ;) {
    process.check();
    try {
      return await ask(port, path);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ECONNREFUSED' || Date.now() > end) throw error;
      await sleep(2);
    }
  }
}

/** Asks the proxy at `port` once, on a connection of its own. */
export function ask(port: number, path: string): Promise<Got> {
  return new Promise((resolve, reject) => {
    const options = {
      ...{ host: '127.0.0.1', port, path: `http://${HOST}${path}`, agent: false as const },
      headers: Object.fromEntries(REQUEST_HEADERS),
    };
    request(options, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () =>
        resolve({ status: response.statusCode!, headers: response.rawHeaders, body: Buffer.concat(chunks) }),
      );
    })
      .on('error', reject)
      .end();
  });
}
