/** What stands in the place of what was taken out. */
export const REDACTED = 'redacted';

/** RFC 9110 §16.4.1 and what is in wide use. */
const SCHEMES =
  /^(?:basic|bearer|digest|dpop|hoba|mutual|negotiate|ntlm|oauth|privatetoken|scram-sha-\d+|vapid|token|apikey|aws4-hmac-sha256)$/i;
/** RFC 6265 §4.1.1 and its successors. */
const COOKIE_ATTRIBUTE =
  /^\s*(?:expires|max-age|domain|path|secure|httponly|samesite|partitioned|priority)\s*(?:=|$)/i;

/** A field value without its secret: cookies keep their names and attributes, credentials a known scheme (RFC 6265 §4, RFC 9110 §11.4). */
export function redactField(name: string, value: string): string {
  const key = name.toLowerCase();
  if (key === 'cookie') return value.split(';').map(redactCookie).join(';');
  if (key === 'set-cookie') {
    const [pair = '', ...attributes] = value.split(';');
    return [redactCookie(pair), ...attributes.filter((one) => COOKIE_ATTRIBUTE.test(one))].join(';');
  }
  const [, scheme = ''] = /^(\S+) +\S/.exec(value) ?? [];
  const isCredentials = key === 'authorization' || key === 'proxy-authorization';
  return isCredentials && SCHEMES.test(scheme) ? `${scheme} ${REDACTED}` : REDACTED;
}

/** One that has no name is all value. */
function redactCookie(pair: string): string {
  const [, name] = /^(\s*[^=]+=)/.exec(pair) ?? [];
  return name === undefined ? `${/^\s*/.exec(pair)![0]}${REDACTED}` : `${name}${REDACTED}`;
}

/** A JSON scalar without its secret, of the same type, so that who reads it still can. */
export function redactScalar(source: string): string {
  if (source.startsWith('"')) return JSON.stringify(REDACTED);
  if (source === 'true') return 'false';
  return /^[-\d]/.test(source) ? '0' : source;
}
