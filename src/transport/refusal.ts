import { STATUS_CODES } from 'node:http';

/** Why a request is not taken: the status (RFC 9110 §15) and one sentence for the person behind the client. */
export interface Refusal {
  readonly status: number;
  readonly sentence: string;
}

/** The bytes of a whole HTTP/1.1 response that says so and announces the end of the connection. */
export function refusalBytes({ status, sentence }: Refusal): Buffer {
  const body = Buffer.from(`${sentence}\n`, 'utf8');
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    'content-type: text/plain; charset=utf-8',
    `content-length: ${body.length}`,
    'connection: close',
  ];
  return Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`, 'latin1'), body]);
}
