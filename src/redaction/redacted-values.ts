/** What stands in the place of what was taken out. */
export const REDACTED = 'redacted';

/** A field value without its secret: cookies keep their names and attributes, credentials their scheme (RFC 6265 §4, RFC 9110 §11.4). */
export function redactField(name: string, value: string): string {
  const key = name.toLowerCase();
  if (key === 'set-cookie') return value.replace(/^([^=;]*=)[^;]*/, `$1${REDACTED}`);
  if (key === 'cookie') return value.replace(/(^|;)(\s*[^=;]*=)[^;]*/g, `$1$2${REDACTED}`);
  const [, scheme] = /^([A-Za-z][\w-]*) +\S/.exec(value) ?? [];
  const isCredentials = key === 'authorization' || key === 'proxy-authorization';
  return isCredentials && scheme !== undefined ? `${scheme} ${REDACTED}` : REDACTED;
}

/** A JSON scalar without its secret, of the same type, so that who reads it still can. */
export function redactScalar(source: string): string {
  if (source.startsWith('"')) return JSON.stringify(REDACTED);
  if (source === 'true') return 'false';
  return /^[-\d]/.test(source) ? '0' : source;
}
