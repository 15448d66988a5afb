/**
 * A reason phrase as it came, one character a byte, from what undici made of it, which reads it as UTF-8, and the bytes in whose
 * status line it stood. Undefined is what undici has not told.
 */
export function reasonPhrase(decoded: string | undefined, status: number, head: readonly Buffer[]): string {
  if (decoded !== undefined && /^[\x20-\x7e]*$/.test(decoded)) return decoded;
  // Only where undici had to give up a byte the phrase is to be looked for.
  const line =
    decoded === undefined || decoded.includes('\ufffd')
      ? new RegExp(`^HTTP/1\\.[01] ${status} ([^\\r\\n]*)`, 'm').exec(Buffer.concat(head).toString('latin1'))
      : null;
  return line?.[1] ?? Buffer.from(decoded ?? '', 'utf8').toString('latin1');
}
