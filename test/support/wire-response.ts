/** A response as a client saw it, byte for byte; one character a byte in all text. */
export interface WireResponse {
  readonly version: string;
  readonly status: number;
  readonly reason: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Buffer;
  readonly trailers: readonly (readonly [name: string, value: string])[];
}

/**
 * Reads the response to a `method` request off the start of what a connection has brought; undefined while more of it is to come.
 * Interim responses are skipped.
 */
export function parseResponse(
  received: string,
  ended: boolean,
  method: string,
): { value: WireResponse; length: number } | undefined {
  const headEnd = received.indexOf('\r\n\r\n');
  if (headEnd < 0) return undefined;
  const [start = '', ...lines] = received.slice(0, headEnd).split('\r\n');
  const [, version = '', digits = '', reason = ''] = /^HTTP\/(\d\.\d) (\d{3}) ?(.*)$/s.exec(start) ?? [];
  if (!digits) throw new Error(`no status line: ${JSON.stringify(received.slice(0, 200))}`);
  const status = Number(digits);
  const bodyStart = headEnd + 4;
  if (status < 200) {
    const next = parseResponse(received.slice(bodyStart), ended, method);
    return next && { value: next.value, length: bodyStart + next.length };
  }
  const headers = lines.map(fieldOf);
  const head = { version, status, reason, headers };
  const value = (name: string) => headers.find(([other]) => other.toLowerCase() === name)?.[1];
  const done = (body: string, length: number, trailers: WireResponse['trailers'] = []) => ({
    value: { ...head, body: Buffer.from(body, 'latin1'), trailers },
    length: bodyStart + length,
  });
  if (method === 'HEAD' || status === 204 || status === 304) return done('', 0);
  const rest = received.slice(bodyStart);
  if (value('transfer-encoding') !== undefined) {
    const chunked = dechunk(rest);
    return chunked && done(chunked.body, chunked.length, chunked.trailers);
  }
  const length = value('content-length');
  if (length === undefined) return ended ? done(rest, rest.length) : undefined;
  if (rest.length < Number(length)) return undefined;
  return done(rest.slice(0, Number(length)), Number(length));
}

function dechunk(text: string): { body: string; length: number; trailers: [string, string][] } | undefined {
  const parts: string[] = [];
  for (let at = 0; ;) {
    const lineEnd = text.indexOf('\r\n', at);
    if (lineEnd < 0) return undefined;
    const size = Number.parseInt(text.slice(at, lineEnd), 16);
    if (Number.isNaN(size)) throw new Error(`no chunk size: ${JSON.stringify(text.slice(at, at + 50))}`);
    if (size === 0) {
      const hasTrailers = !text.startsWith('\r\n', lineEnd + 2);
      const end = text.indexOf(hasTrailers ? '\r\n\r\n' : '\r\n', lineEnd + 2);
      if (end < 0) return undefined;
      const trailers = hasTrailers
        ? text
            .slice(lineEnd + 2, end)
            .split('\r\n')
            .map(fieldOf)
        : [];
      return { body: parts.join(''), length: end + (hasTrailers ? 4 : 2), trailers };
    }
    const start = lineEnd + 2;
    if (text.length < start + size + 2) return undefined;
    parts.push(text.slice(start, start + size));
    at = start + size + 2;
  }
}

function fieldOf(line: string): [string, string] {
  const [, name = line, value = ''] = /^([^:]+):[ \t]*(.*)$/s.exec(line) ?? [];
  return [name, value];
}
