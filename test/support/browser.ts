import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import WebSocket from 'ws';

interface Reply {
  readonly id?: number;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
}

/** Chromium without a window, all of its traffic through one proxy, whose certificates it does not look at. */
export class Browser {
  readonly #program: ChildProcess;
  readonly #profile: string;
  readonly #tools: WebSocket;
  readonly #waiting = new Map<number, (reply: Reply) => void>();
  #calls = 0;

  private constructor(program: ChildProcess, profile: string, tools: WebSocket) {
    this.#program = program;
    this.#profile = profile;
    this.#tools = tools;
    tools.on('message', (data: Buffer) => {
      const reply = JSON.parse(data.toString()) as Reply;
      if (reply.id !== undefined) this.#waiting.get(reply.id)?.(reply);
    });
  }

  static async start(proxy: string): Promise<Browser> {
    const profile = mkdtempSync(path.join(tmpdir(), 'replay-proxy-browser-'));
    const program = spawn(
      'chromium',
      [
        ...['--headless', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--no-first-run'],
        ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
        `--user-data-dir=${profile}`,
        `--proxy-server=${proxy}`,
        // Without it what is on this machine is asked directly.
        '--proxy-bypass-list=<-loopback>',
        '--ignore-certificate-errors',
        ...['--remote-debugging-port=0', 'about:blank'],
      ],
      { stdio: ['ignore', 'ignore', 'pipe'], detached: true },
    );
    const lines = createInterface({ input: program.stderr! });
    let tools: string | undefined;
    for await (const line of lines) {
      tools = /^DevTools listening on (\S+)/.exec(line)?.[1];
      if (tools !== undefined) break;
    }
    if (tools === undefined) throw new Error('the browser has no developer tools');
    program.stderr!.resume();
    const socket = new WebSocket(tools);
    await once(socket, 'open');
    return new Browser(program, profile, socket);
  }

  /** Loads a page, and gives what the promise `window.result` that it makes comes to. */
  async visit(url: string): Promise<unknown> {
    const { targetId } = await this.#call<{ targetId: string }>('Target.createTarget', {
      url: 'about:blank',
    });
    const { sessionId } = await this.#call<{ sessionId: string }>('Target.attachToTarget', {
      targetId,
      flatten: true,
    });
    await this.#call('Page.enable', {}, sessionId);
    const { errorText } = await this.#call<{ errorText?: string }>('Page.navigate', { url }, sessionId);
    if (errorText !== undefined) throw new Error(`the browser could not load ${url}: ${errorText}`);
    const expression = `new Promise((resolve) => {
      const look = () => (window.result ? window.result.then(resolve, (e) => resolve(String(e))) : setTimeout(look, 20));
      look();
    })`;
    const { result } = await this.#call<{ result: { value?: unknown } }>(
      'Runtime.evaluate',
      { expression, awaitPromise: true, returnByValue: true },
      sessionId,
    );
    await this.#call('Target.closeTarget', { targetId });
    return result.value;
  }

  async close(): Promise<void> {
    this.#tools.terminate();
    if (this.#program.exitCode === null && this.#program.signalCode === null) {
      // With all the processes that it has started.
      process.kill(-this.#program.pid!, 'SIGKILL');
      await once(this.#program, 'exit');
    }
    await rm(this.#profile, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
  }

  async #call<T>(method: string, params: object, sessionId?: string): Promise<T> {
    this.#calls += 1;
    const id = this.#calls;
    this.#tools.send(
      JSON.stringify({ id, method, params, ...(sessionId === undefined ? {} : { sessionId }) }),
    );
    const reply = await new Promise<Reply>((resolve) => this.#waiting.set(id, resolve));
    this.#waiting.delete(id);
    if (reply.error) throw new Error(`${method}: ${reply.error.message}`);
    return reply.result as T;
  }
}
