import { isCloseCode } from '../http/close-code';
import type { Flow } from './flow';
import type { ProxyHooks } from './hooks';
import type { FlowWebSocket, WebSocketClose, WebSocketEnd, WebSocketMessage } from './web-socket';

/** What a conversation is held with. */
export interface ConversationTools {
  readonly hooks: ProxyHooks;
  readonly now: () => number;
}

const FAILED = { code: 1011, reason: 'the proxy failed' };

type Side = WebSocketMessage['from'];
type Content = Pick<WebSocketMessage, 'opcode' | 'data'>;

/** One WebSocket from the moment when it is agreed on to its end: messages through the hooks, in order, and the goodbye. */
export class WebSocketConversation implements FlowWebSocket {
  messageCount = 0;
  readonly #flow: Flow;
  readonly #tools: ConversationTools;
  /** What is on its way from each side, one after the other. */
  readonly #lanes: Record<Side, Promise<void>>;
  #ends: Record<Side, WebSocketEnd> | undefined;
  #open!: () => void;
  #isOver = false;
  #failure: Error | undefined;
  #ended!: (close: WebSocketClose) => void;
  /** Whoever ends it first decides how. */
  readonly #end: Promise<WebSocketClose>;

  constructor(flow: Flow, tools: ConversationTools) {
    this.#flow = flow;
    this.#tools = tools;
    const opened = new Promise<void>((resolve) => (this.#open = resolve));
    this.#lanes = { client: opened, server: opened };
    this.#end = new Promise((resolve) => (this.#ended = resolve));
  }

  send(to: Side, data: string | Buffer): void {
    const from = to === 'client' ? 'server' : 'client';
    const opcode = typeof data === 'string' ? 1 : 2;
    const bytes = Buffer.from(data as string);
    void this.#pass(from, () => ({ from, opcode, data: bytes, time: this.#tools.now(), injected: true }));
  }

  close(code = 1000, reason = ''): void {
    if (code !== 1005 && !isCloseCode(code))
      throw new RangeError(`${code} is no code that a WebSocket can be closed with (RFC 6455 §7.4)`);
    const close = () => this.#ended(this.#closeOf('proxy', { code, reason }));
    void Promise.all([this.#lanes.client, this.#lanes.server]).then(close);
  }

  /**
   * Passes messages between `client` and `server` until either says goodbye or breaks off, `stopping` aborts, or a hook throws, and tells
   * the other side. What flow.beforeEnd was given runs before the client sees the end. Resolves with who ended it.
   * @throws what a hook has thrown, both sides closed with 1011.
   */
  async hold(client: WebSocketEnd, server: WebSocketEnd, stopping: AbortSignal): Promise<WebSocketClose> {
    this.#ends = { client, server };
    const stop = () => this.#ended(this.#closeOf('proxy', { code: 1001, reason: 'the proxy stops' }));
    stopping.addEventListener('abort', stop, { once: true });
    if (stopping.aborted) stop();
    try {
      const close = await this.#holdOut(client, server);
      if (this.#failure) throw this.#failure;
      return close;
    } finally {
      stopping.removeEventListener('abort', stop);
      this.#isOver = true;
      // Only where no goodbye has come this far is there something left to break.
      client.close(1006);
      server.close(1006);
    }
  }

  async #holdOut(client: WebSocketEnd, server: WebSocketEnd): Promise<WebSocketClose> {
    await this.#tools.hooks.webSocketOpen.promise(this.#flow).catch((error: Error) => this.#fail(error));
    this.#open();
    const sides = { client: this.#hear('client'), server: this.#hear('server') };
    const close = await this.#end;
    // What the server still says after the client's goodbye belongs to the conversation.
    const answer = close.from === 'client' ? await this.#sayTo('server', close, sides) : undefined;
    await this.#settle(close);
    if (this.#failure) await this.#sayToBoth({ ...close, ...FAILED }, sides);
    else if (answer) client.close(answer.code, answer.reason);
    else if (close.from === 'proxy') await this.#sayToBoth(close, sides);
    else {
      const { code, reason } = await this.#sayTo('client', close, sides);
      server.close(code, reason);
    }
    return close;
  }

  /** Reads one side to its end. Once it is over the rest is read and let go, so that the end can be seen. */
  async #hear(from: Side): Promise<WebSocketClose> {
    const { messages, closed } = this.#ends![from];
    for await (const { opcode, data, time } of messages)
      if (!this.#isOver) await this.#pass(from, () => ({ from, opcode, data, time }));
    await this.#lanes[from];
    const close = this.#closeOf(from, await closed);
    this.#ended(close);
    return close;
  }

  /** Takes a place in the lane: `make` and all that follows wait until what was there before is through. */
  #pass(from: Side, make: () => WebSocketMessage): Promise<void> {
    const { hooks } = this.#tools;
    const pass = async () => {
      if (this.#isOver) return;
      try {
        const message = await hooks.webSocketMessage.promise(make(), this.#flow);
        this.messageCount += 1;
        if (!message.dropped) await this.#send(from === 'client' ? 'server' : 'client', message);
      } catch (error) {
        this.#fail(error as Error);
      }
    };
    return (this.#lanes[from] = this.#lanes[from].then(pass));
  }

  async #send(to: Side, { opcode, data }: Content): Promise<void> {
    await this.#ends?.[to].send({ opcode, data });
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    this.#isOver = true;
    this.#ended(this.#closeOf('proxy', FAILED));
  }

  async #settle(close: WebSocketClose): Promise<void> {
    try {
      await this.#tools.hooks.webSocketClose.promise(close, this.#flow);
      await this.#flow.settle();
    } catch (error) {
      this.#failure ??= error as Error;
    }
  }

  /** Passes a goodbye on and waits for the answer to it; a side that just hangs up has answered. */
  async #sayTo(
    to: Side,
    close: WebSocketClose,
    sides: Record<Side, Promise<WebSocketClose>>,
  ): Promise<WebSocketClose> {
    this.#ends![to].close(close.code, close.reason);
    const answer = await sides[to];
    return answer.code === 1006 ? close : answer;
  }

  async #sayToBoth(close: WebSocketClose, sides: Record<Side, Promise<WebSocketClose>>): Promise<void> {
    this.#isOver = true;
    for (const end of Object.values(this.#ends!)) end.close(close.code, close.reason);
    await Promise.all(Object.values(sides));
  }

  #closeOf(from: WebSocketClose['from'], { code, reason }: { code: number; reason: string }): WebSocketClose {
    return { from, code, reason, time: this.#tools.now() };
  }
}
