import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { headers, reset } from '../support/frame-origin';
import { RawClient } from '../support/raw-client';
import { RawHttp2 } from '../support/raw-http2';
import type { Figures } from './proxy';

/** Requests that a median is taken of. */
const SAMPLES = 1000;
/** Streams that are opened and reset at once, and what they are reset with (RFC 9113 §7). */
const RESETS = 20_000;
const CANCEL = 8;

/** Figures of a proxy in a process of its own, a line each: `npm run soak`, or `npm run soak -- hosts`. */
const SOAKS: Readonly<Record<string, () => Promise<string>>> = { connections, hosts, resets };

async function connections(): Promise<string> {
  const proxy = await start('proxy.ts');
  const quiet = await medianOf(proxy.port);
  const holder = await start('holder.ts', String(proxy.port), '5000', '500');
  const busy = await medianOf(proxy.port);
  const { sockets } = await figuresOf(proxy.port);
  if (sockets < 5500) throw new Error(`only ${sockets} connections were held; raise ulimit -n`);
  await stop(holder.process);
  await stop(proxy.process);
  return `5,000 idle connections and 500 slow headers: median ${busy.toFixed(2)} ms, quiet ${quiet.toFixed(2)} ms (goal: within twice)`;
}

async function hosts(): Promise<string> {
  const proxy = await start('proxy.ts');
  const ca = readFileSync(proxy.ca, 'utf8');
  const shake = async (host: string) => {
    const client = await RawClient.open({ host: '127.0.0.1', port: proxy.port });
    client.send(`CONNECT ${host}:443 HTTP/1.1\r\nHost: ${host}:443\r\n\r\n`);
    await client.until(/\r\n\r\n$/);
    (await client.clear().secure({ ca, servername: host })).close();
  };
  const cost = async (count: number, name: (i: number) => string) => {
    for (let i = 0; i < count; i += 1) await shake(name(i));
    return figuresOf(proxy.port);
  };
  await cost(50, () => 'warm.example');
  const known = await cost(500, () => 'warm.example');
  const fresh = await cost(500, (i) => `host-${i}.example`);
  await stop(proxy.process);
  const each = (fresh.cpu - known.cpu) / 500;
  return `500 new TLS hosts: ${each.toFixed(2)} ms each beside the handshake of ${(known.cpu / 500).toFixed(2)} ms (goal: 5), longest stall ${fresh.stall.toFixed(1)} ms, ${known.stall.toFixed(1)} ms with known hosts (goal: 20)`;
}

async function resets(): Promise<string> {
  const proxy = await start('proxy.ts');
  const quiet = await medianOf(proxy.port);
  const fields = [
    [':method', 'GET'],
    [':scheme', 'http'],
    [':authority', 'a.example'],
    [':path', '/'],
  ] as const;
  const streams = Array.from({ length: RESETS }, (_, i) => 2 * i + 1);
  const bytes = Buffer.concat(streams.flatMap((id) => [headers(id, fields, true), reset(id, CANCEL)]));
  const http2 = new RawHttp2(await RawClient.open({ host: '127.0.0.1', port: proxy.port })).greet();
  await http2.until(() => http2.settings > 0);
  const began = performance.now();
  http2.acknowledge().send(bytes);
  const ended = http2.client.end().then(() => performance.now() - began);
  const during = performance.now();
  await ask(proxy.port, '/');
  const other = performance.now() - during;
  const gone = await ended;
  const { stall } = await figuresOf(proxy.port);
  await stop(proxy.process);
  return `rapid reset of 20,000 streams: the connection is gone after ${gone.toFixed(0)} ms (goal: 2,000), another client waited ${other.toFixed(1)} ms, quiet ${quiet.toFixed(2)} ms; longest stall ${stall.toFixed(1)} ms`;
}

interface Started {
  readonly process: ChildProcess;
  readonly port: number;
  readonly ca: string;
}

/** Starts a script beside this one and waits for its first word. */
async function start(script: string, ...args: string[]): Promise<Started> {
  const child = fork(path.join(__dirname, script), args, {
    execArgv: ['--conditions=replay-proxy:source', '--require=ts-node/register/transpile-only'],
  });
  const [word] = (await once(child, 'message')) as [Partial<Started>];
  return { process: child, port: word.port ?? 0, ca: word.ca ?? '' };
}

async function stop(child: ChildProcess): Promise<void> {
  const closed = once(child, 'exit');
  child.kill();
  await closed;
}

async function figuresOf(port: number): Promise<Figures> {
  const text = await ask(port, '/figures');
  return JSON.parse(text.slice(text.indexOf('\r\n\r\n'))) as Figures;
}

async function ask(port: number, target: string): Promise<string> {
  const client = await RawClient.open({ host: '127.0.0.1', port });
  return client
    .send(`GET http://a.example${target} HTTP/1.1\r\nHost: a.example\r\nConnection: close\r\n\r\n`)
    .end();
}

/** Milliseconds of a request on a connection of its own. */
async function medianOf(port: number): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < SAMPLES + 200; i += 1) {
    const began = performance.now();
    await ask(port, '/');
    if (i >= 200) times.push(performance.now() - began);
  }
  return times.sort((a, b) => a - b)[SAMPLES / 2]!;
}

async function main(names: readonly string[]): Promise<void> {
  for (const name of names.length > 0 ? names : Object.keys(SOAKS)) {
    const soak = SOAKS[name];
    if (!soak) throw new Error(`there is no soak ${name}; there are ${Object.keys(SOAKS).join(', ')}`);
    console.log(await soak());
  }
}

void main(process.argv.slice(2));
