import type { HttpRequest } from './request';

/** Whether a request asks for a WebSocket (RFC 6455 §4.1). */
export function asksForWebSocket({ method, headers }: Pick<HttpRequest, 'method' | 'headers'>): boolean {
  if (method !== 'GET' || !headers.has('upgrade')) return false;
  return /(?:^|,)\s*websocket\s*(?:,|$)/i.test(headers.folded('upgrade')!);
}
