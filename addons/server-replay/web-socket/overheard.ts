import type { Flow, ProxyHooks, WebSocketEnd, WebSocketMessage } from 'replay-proxy';
import type { LiveMessage } from './play';

/** What the proxy knows of its WebSockets that who serves one does not see. */
export class Overheard {
  readonly #said = new WeakMap<Flow, WebSocketMessage>();
  readonly #endedHere = new WeakSet<Flow>();

  /** Begins to listen; before other addons change anything. */
  listen({ webSocketMessage, webSocketClose }: ProxyHooks, name: string): void {
    webSocketMessage.tap({ name, stage: -Infinity }, (message, flow) => {
      if (message.from === 'client') this.#said.set(flow, message);
    });
    webSocketClose.tap({ name, stage: -Infinity }, ({ from }, flow) => {
      if (from === 'proxy') this.#endedHere.add(flow);
    });
  }

  /** Whether the proxy has ended the flow's WebSocket: it stops, or an addon wanted it. */
  isEndedHere(flow: Flow): boolean {
    return this.#endedHere.has(flow);
  }

  /** The client's end with its messages as it said them, which is how they are recorded, not as addons have made them. */
  asSaid(client: WebSocketEnd, flow: Flow): WebSocketEnd {
    return {
      messages: this.#original(client.messages, flow),
      closed: client.closed,
      send: (message) => client.send(message),
      close: (code, reason) => client.close(code, reason),
    };
  }

  // The next message of a client goes through the hooks when the one before was taken.
  async *#original(messages: AsyncIterable<LiveMessage>, flow: Flow): AsyncGenerator<LiveMessage> {
    for await (const message of messages) yield this.#said.get(flow) ?? message;
  }
}
