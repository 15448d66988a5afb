/** A JSON Web Token (RFC 7519) that was found in a text. */
export interface Jwt {
  /** Epoch milliseconds; undefined for one that does not expire (§4.1.4). */
  readonly expiresAt: number | undefined;
}

/** Only where a run of base64url begins, so that each run is read once. */
const JWT = /(?<![\w-])(eyJ[\w-]{1,4096})\.([\w-]{2,65536})\.[\w-]*/g;

/** The JSON Web Tokens in a text; never throws. */
export function jwtsIn(text: string): Jwt[] {
  if (!text.includes('eyJ')) return [];
  const found: Jwt[] = [];
  for (const [, header, payload] of text.matchAll(JWT)) {
    const claims = objectIn(payload!);
    if (claims === undefined || objectIn(header!)?.['alg'] === undefined) continue;
    const expiry = claims['exp'];
    found.push({ expiresAt: typeof expiry === 'number' ? expiry * 1000 : undefined });
  }
  return found;
}

function objectIn(base64url: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(base64url, 'base64url').toString('utf8'));
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
