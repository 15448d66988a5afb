import { serveWebSocket, type MitmProxy } from 'replay-proxy';

/** Plays the chat server: no server is needed, and none is asked. */
export default function serveChat({ hooks }: MitmProxy): void {
  hooks.request.tap('ServeChat', ({ request }) =>
    request.path === '/chat'
      ? serveWebSocket(async (client) => {
          await client.send({ opcode: 1, data: Buffer.from('welcome') });
          for await (const { data } of client.messages) {
            await client.send({ opcode: 1, data: Buffer.from(`you said: ${data.toString()}`) });
            if (data.toString() === 'bye') return;
          }
        })
      : undefined,
  );
}
