import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import {
  type AddonInput,
  HttpResponse,
  kill,
  type Limits,
  type MitmProxy,
  type RecordedFlow,
  Recorder,
  respond,
} from 'replay-proxy';
import { type CorpusCase, shown } from './corpus';
import type { RawClient } from './raw-client';
import { type Resources, resourcesNow, settlesTo } from './resources';
import { type Field, type StrictMessage, strictResponse, valuesOf } from './strict-message';
import { StrictOrigin } from './strict-origin';
import { sharedAuthorityFolder } from './temp';
import { startProxy, temporaryFolder, type WireProxy } from './wire';

/** The ways in: to a proxy, to what stands in for a server, inside CONNECT without and with TLS. */
export const MODES = ['regular', 'reverse', 'connect', 'tls'] as const;
export type Mode = (typeof MODES)[number];

/** Inside TLS the same code reads what is there: one case of so many is enough. */
export const SAMPLE = 8;

/** Fields about one connection, those of framing among them. */
const HOP_BY_HOP =
  /^(?:connection|keep-alive|proxy-.*|te|trailer|transfer-encoding|upgrade|expect|content-length)$/;

/** Milliseconds in which something more has to come. */
const PATIENCE = 4_000;
const WITNESS = '/witness';

/** A proxy that records, before a strict origin, with another client beside the hostile one. */
export class HostileTest {
  /** As they were written, the witness's left out. */
  readonly recorded: RecordedFlow[] = [];
  readonly file: string;
  #witness: RawClient | undefined;
  #witnessed: Promise<void> = Promise.resolve();
  #held: Resources = {};

  private constructor(
    readonly mode: Mode,
    readonly proxy: WireProxy,
    readonly origin: StrictOrigin,
    file: string,
  ) {
    this.file = file;
    Recorder.hooks(proxy.proxy).written.tap('Watch', (flow) => {
      if (flow.request.path !== WITNESS) this.recorded.push(flow);
    });
  }

  static async start(
    mode: Mode,
    limits: Partial<Limits> = {},
    addons: AddonInput[] = [],
  ): Promise<HostileTest> {
    const isTls = mode === 'tls';
    const origin = await StrictOrigin.start(isTls ? sharedAuthorityFolder() : undefined);
    const file = path.join(temporaryFolder(), `${randomUUID()}${mode === 'regular' ? '.har' : '.mitm'}`);
    const proxy = await startProxy(
      [...addons, answerExample, closeOpaque, new Recorder({ to: file, fresh: false })],
      {
        ...(mode === 'reverse' ? { mode: { reverse: `http://127.0.0.1:${origin.port}` } } : {}),
        upstream: { insecure: isTls },
        limits,
      },
    );
    const test = new HostileTest(mode, proxy, origin, file);
    await test.witness();
    test.#held = resourcesNow();
    return test;
  }

  /** What stands for the parts of a message that depend on the mode. */
  values({ name }: Pick<CorpusCase, 'name'>): Record<string, string> {
    const host = `127.0.0.1:${this.origin.port}`;
    const base = this.mode === 'regular' ? `http://${host}` : '';
    return {
      host: this.mode === 'reverse' ? 'shop.example' : host,
      upstream: host,
      port: String(this.origin.port),
      origin: `http://${host}`,
      target: `${base}/${name}`,
      base,
      GET: 'GET {target} HTTP/1.1\\r\\nHost: {host}\\r\\n',
      POST: 'POST {target} HTTP/1.1\\r\\nHost: {host}\\r\\n',
      chunked: 'Transfer-Encoding: chunked\\r\\n',
      end: '\\r\\n',
      next: `GET ${base}/next-of-${name} HTTP/1.1\\r\\nHost: {host}\\r\\n\\r\\n`,
    };
  }

  /** A connection on which requests are sent. */
  open(): Promise<RawClient> {
    const { mode, proxy, origin } = this;
    if (mode === 'regular' || mode === 'reverse') return proxy.open();
    return proxy.tunnel('127.0.0.1', origin.port, mode === 'connect');
  }

  /** Another client is served as if nothing was. */
  witness(): Promise<void> {
    const turn = this.#witnessed.then(() => this.#bearWitness());
    this.#witnessed = turn.catch(() => {});
    return turn;
  }

  async #bearWitness(): Promise<void> {
    this.#witness ??= await this.open();
    const { base } = this.values({ name: '' });
    this.#witness.clear().send(`GET ${base}${WITNESS} HTTP/1.1\r\nHost: witness.example\r\n\r\n`);
    const { responses } = await readResponses(this.#witness, ['GET'], 1);
    if (responses[0]?.start[1] === '200' && responses[0].body === 'ok') return;
    this.#witness.close();
    this.#witness = undefined;
    throw new Error(`another client was not served, but got ${shown(responses[0]?.body ?? '')}`);
  }

  /** The requests that the origin got, the witness's left out; those of one case alone where several run at once. */
  arrived(name = ''): StrictOrigin['requests'] {
    return this.origin.requests.filter(
      ({ start: [, target] }) => target !== WITNESS && target.endsWith(name),
    );
  }

  /** What was recorded, likewise. */
  written(name = ''): RecordedFlow[] {
    return this.recorded.filter(({ request }) => request.path.endsWith(name));
  }

  /** Forgets the case before. */
  clear(): void {
    this.origin.clear();
    this.recorded.length = 0;
  }

  /** Waits until nothing more is held than after the start. */
  async settled(): Promise<void> {
    this.origin.hangUp();
    await settlesTo(this.#held);
  }

  async stop(): Promise<void> {
    this.#witness?.close();
    await this.proxy.proxy.stop();
    await this.origin.stop();
  }
}

/** What is wrong with what came of a case. */
export class Problems {
  readonly #found: string[] = [];

  add(problem: string): void {
    this.#found.push(problem);
  }

  compare(what: string, came: unknown, expected: unknown): void {
    try {
      assert.deepEqual(came, expected);
    } catch {
      this.add(`${what} ${shown(JSON.stringify(came))}, expected ${shown(JSON.stringify(expected))}`);
    }
  }

  /** All of them, for a person; nothing when there are none. */
  report(title: string, facts: readonly string[]): string[] {
    if (this.#found.length === 0) return [];
    return [`\n${title}`, ...facts.map((fact) => `  ${fact}`), ...this.#found.map((one) => `  - ${one}`)];
  }
}

/** The lines that must pass unchanged, in order; `Host` is looked at apart. Those of `essential` names are not for `Connection` to take. */
export function endToEnd(headers: readonly Field[], essential = /^$/): string[] {
  const named = valuesOf(headers, 'connection').flatMap((value) =>
    value.toLowerCase().split(/[ \t]*,[ \t]*/),
  );
  return headers
    .filter(([name]) => {
      const key = name.toLowerCase();
      return key !== 'host' && !HOP_BY_HOP.test(key) && (!named.includes(key) || essential.test(key));
    })
    .map(lineOf);
}

/** A field as a line. */
export function lineOf([name, value]: Field): string {
  return `${name}: ${value}`;
}

/** Final and interim responses at the start of what a client has got; those before `wanted` ones or the end of the connection. */
export async function readResponses(
  client: RawClient,
  methods: readonly string[],
  wanted: number,
): Promise<{ responses: StrictMessage[]; interim: StrictMessage[]; rest: string; ended: boolean }> {
  const interim: StrictMessage[] = [];
  const responses: StrictMessage[] = [];
  let at = 0;
  for (;;) {
    const { ended } = client;
    const text = client.received.slice(at);
    const method = methods[responses.length] ?? 'GET';
    const one = text === '' ? undefined : strictResponse(text, method, ended);
    if (one) {
      at += one.length;
      (one.start[1].startsWith('1') ? interim : responses).push(one);
      if (responses.length === wanted && wanted > 0) break;
    } else if (ended) break;
    else await more(client);
  }
  return { responses, interim, rest: client.received.slice(at), ended: client.ended };
}

async function more(client: RawClient): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new Error(`nothing more came for ${PATIENCE} ms after ${shown(client.received)}`));
    }, PATIENCE);
  });
  await Promise.race([client.changed(), late]).finally(() => clearTimeout(timer));
}

/** Waits for what is about to happen; at most two seconds. */
export async function soon(condition: () => boolean): Promise<void> {
  for (let i = 0; i < 400 && !condition(); i += 1) await new Promise((resolve) => setTimeout(resolve, 5));
}

/** Answers for names that nobody can look up. */
const answerExample: AddonInput = ({ hooks }: MitmProxy) => {
  hooks.request.tap('Example', ({ request }) =>
    /\.example\.?$|^\[?(?!127\.0\.0\.1)[\da-f.:]+\]?$/.test(request.host)
      ? respond(new HttpResponse({ body: `${request.method} ${request.url}` }))
      : undefined,
  );
};

/** What inside CONNECT is neither TLS nor HTTP is closed, as it is wherever unmatched traffic is killed. */
const closeOpaque: AddonInput = ({ hooks }: MitmProxy) => {
  hooks.unmatched.tap('Opaque', ({ request }) => (request.method === 'CONNECT' ? kill() : undefined));
};
