import { AddonError, ReplayError, UpstreamError } from '../errors';
import type { HttpResponse } from '../http/response';
import { deadline } from './deadline';
import type { ProtocolSwitch, Switched } from './ends';
import type { Flow } from './flow';
import type { WebSocketServing } from './verdict';
import type { WebSocketClose } from './web-socket';
import { type ConversationTools, WebSocketConversation } from './web-socket-conversation';
import { webSocketPipe } from './web-socket-pipe';

/** Milliseconds that who serves a WebSocket may go on after its end. */
const AFTERMATH = 10_000;

/** Whom the client talks to once the protocol has changed (RFC 9110 §7.8). */
export interface OtherSide {
  /** Tells the client, and passes on what the two say until the end. Rejects when it was not the end that they wanted. */
  join(client: ProtocolSwitch, response: HttpResponse, onHead: () => void): Promise<void>;
  /** Breaks what is still open. */
  letGo(): void;
}

/** Upstream as the other side. */
export function upstreamSide(upstream: Switched, flow: Flow, tools: ConversationTools): OtherSide {
  if (upstream.kind === 'raw') {
    const { end } = upstream;
    return {
      async join(client, response, onHead) {
        const near = await client.toRaw(response, onHead);
        const stop = () => void (near.close(), end.close());
        client.stopping.addEventListener('abort', stop, { once: true });
        if (client.stopping.aborted) stop();
        await near.join(end).finally(() => client.stopping.removeEventListener('abort', stop));
      },
      letGo: () => end.close(),
    };
  }
  const { peer } = upstream;
  const conversation = new WebSocketConversation(flow, tools);
  flow.webSocket = conversation;
  return {
    async join(client, response, onHead) {
      const near = await client.toWebSocket(response, onHead);
      near.relayControls(peer);
      peer.relayControls(near);
      assertWhole(await conversation.hold(near, peer, client.stopping), flow);
    },
    letGo: () => peer.close(1006),
  };
}

/** An addon as the other side: it plays the server. */
export function servingSide(serve: WebSocketServing, flow: Flow, tools: ConversationTools): OtherSide {
  const pipe = webSocketPipe(tools.now);
  const conversation = new WebSocketConversation(flow, tools);
  flow.webSocket = conversation;
  return {
    async join(client, response, onHead) {
      const near = await client.toWebSocket(response, onHead);
      let failure: Error | undefined;
      void pipe.far.closed.then(({ code, reason }) => pipe.far.close(code, reason));
      const served = Promise.resolve(pipe.far)
        .then((end) => serve(end, flow))
        .then(() => pipe.far.close(1000))
        .catch((error: Error) => {
          failure = error;
          pipe.far.close(1011, 'the proxy failed');
        })
        .finally(() => pipe.leaveFar());
      const close = await conversation.hold(near, pipe.near, client.stopping);
      await within(AFTERMATH, served, flow);
      if (failure) throw failure;
      assertWhole(close, flow);
    },
    letGo: () => {
      pipe.far.close(1006);
      pipe.leaveFar();
    },
  };
}

/** Gives the client its 101, and what comes of it. Rejects where the client or the other side has not agreed to one. */
export async function switchProtocol(
  client: { readonly switching?: ProtocolSwitch },
  other: OtherSide | undefined,
  response: HttpResponse,
  onHead: () => void,
): Promise<void> {
  const fail = (sentence: string) =>
    new ReplayError(`a response 101 ${sentence}`, { code: 'ERR_NO_UPGRADE' });
  if (!client.switching) throw fail('is for requests that ask for another protocol, which this one does not');
  if (!other) throw fail('needs somebody to talk to: answer with serveWebSocket()');
  await other.join(client.switching, response, onHead);
}

function assertWhole({ from, code }: WebSocketClose, { request }: Flow): void {
  if (code !== 1006) return;
  if (from === 'client') throw new Error('the client broke the WebSocket off');
  throw new UpstreamError(`${request.origin} broke the WebSocket off`);
}

async function within(limit: number, served: Promise<void>, { decidedBy = 'unknown' }: Flow): Promise<void> {
  let cancel = () => {};
  const late = new Promise<never>((_resolve, reject) => {
    cancel = deadline(limit, () =>
      reject(
        new AddonError(decidedBy, 'serveWebSocket', `did not settle within ${limit / 1000} s after the end`),
      ),
    );
  });
  await Promise.race([served, late]).finally(cancel);
}
