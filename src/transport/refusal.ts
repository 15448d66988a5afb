import { STATUS_CODES } from 'node:http';

/** Why a request is not taken: the status (RFC 9110 §15) and one sentence for the person behind the client. */
export interface Refusal {
  readonly status: number;
  readonly sentence: string;
  /** Header fields that the status asks for. */
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * The bytes of a whole HTTP/1.1 response that says so and announces the end of the connection; one to HEAD has no content
 * (RFC 9110 §9.3.2).
 */
export function refusalBytes({ status, sentence, headers = {} }: Refusal, method?: string): Buffer {
  const body = Buffer.from(`${sentence}\n`, 'utf8');
  const head = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    'content-type: text/plain; charset=utf-8',
    `content-length: ${body.length}`,
    'connection: close',
  ];
  const bytes = Buffer.from(`${head.join('\r\n')}\r\n\r\n`, 'latin1');
  return method === 'HEAD' ? bytes : Buffer.concat([bytes, body]);
}
