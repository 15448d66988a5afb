/** The host that is asked for; no name is looked up, all is answered by who is measured. */
export const HOST = 'bench.example';

/** When all was recorded. */
const RECORDED = Date.UTC(2026, 0, 15, 12);

/** A response, as everyone has to send it. */
export interface Answer {
  readonly headers: readonly (readonly [string, string])[];
  readonly body: Buffer;
}

/** The path of the entry `at`. */
export function pathOf(at: number): string {
  return `/items/${at}?page=${at % 7}`;
}

/** The response to {@link pathOf} of `at`, with a body of `size` bytes: JSON, the same for the same `at`. */
export function answerOf(at: number, size: number): Answer {
  const body = bodyOf(at, size);
  const date = (seconds: number) => new Date(RECORDED + (at + seconds) * 1000).toUTCString();
  return {
    headers: [
      ['Date', date(0)],
      ['Content-Type', 'application/json; charset=utf-8'],
      ['Content-Length', String(body.length)],
      ['Cache-Control', 'private, max-age=600'],
      ['Expires', date(600)],
      ['Last-Modified', date(-86_400)],
      ['Etag', `"${at.toString(16)}-${size.toString(16)}"`],
      ['Set-Cookie', `seen=${at}; Expires=${date(86_400)}; Path=/; HttpOnly`],
    ],
    body,
  };
}

/** When the entry `at` was recorded, ISO 8601. */
export function recordedAt(at: number): string {
  return new Date(RECORDED + at * 1000).toISOString();
}

function bodyOf(at: number, size: number): Buffer {
  const head = `{"id":${at},"name":"item ${at}","text":"`;
  return Buffer.from(`${head}${words(at, size - head.length - 2)}"}`);
}

/** Text that does not shrink to nothing when it is compressed. */
function words(seed: number, length: number): string {
  let text = '';
  for (let state = seed + 1; text.length < length; state = (state * 48_271) % 2_147_483_647) {
    text += `${state.toString(36)} `;
  }
  return text.slice(0, Math.max(0, length));
}
