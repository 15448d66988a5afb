import type { MitmProxy } from 'replay-proxy';

/** Greets whoever opens a WebSocket, shouts what the server says, and keeps back that the client is typing. */
export default function editWebSocket({ hooks }: MitmProxy): void {
  hooks.webSocketOpen.tap('EditWebSocket', ({ webSocket }) => webSocket?.send('client', 'through the proxy'));
  hooks.webSocketMessage.tap('EditWebSocket', (message) => {
    if (message.injected || message.opcode !== 1) return undefined;
    const text = message.data.toString();
    if (message.from === 'server') return { ...message, data: Buffer.from(text.toUpperCase()) };
    return text.includes('"typing"') ? { ...message, dropped: true } : undefined;
  });
}
