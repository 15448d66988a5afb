import type { HttpResponse } from '../http/response';
import { frameResponse } from './response-framing';

/** A whole response as bytes, for the one place where Node's HTTP server offers no response: after CONNECT. The connection ends with it. */
export async function responseBytes(response: HttpResponse): Promise<Buffer> {
  const { status, reason, headers, end } = frameResponse(response, {
    method: 'CONNECT',
    // Without chunks: the connection closes anyway.
    httpVersion: '1.0',
    keepAlive: false,
  });
  const head = [
    `HTTP/1.1 ${status} ${reason}`,
    ...headers.map(([name, value]) => `${name}: ${value}`),
    '',
    '',
  ];
  const pieces: Buffer[] = [Buffer.from(head.join('\r\n'), 'latin1')];
  if (end.kind !== 'none') for await (const chunk of response.body.chunks()) pieces.push(chunk);
  return Buffer.concat(pieces);
}
