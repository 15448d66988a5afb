import type { HttpHeaders } from '../http/headers';

/** A cookie as HAR 1.2 lists it beside the headers, for viewers; the headers are what counts. */
export interface HarCookie {
  readonly name: string;
  readonly value: string;
  readonly path?: string;
  readonly domain?: string;
  /** ISO 8601. */
  readonly expires?: string;
  readonly httpOnly?: boolean;
  readonly secure?: boolean;
}

/** The cookies that a request sends (RFC 6265 §4.2). */
export function requestCookies(headers: HttpHeaders): HarCookie[] {
  return headers.getAll('cookie').flatMap((line) => line.split(';').flatMap((pair) => cookieOf(pair)));
}

/** The cookies that a response sets (RFC 6265 §4.1). */
export function responseCookies(headers: HttpHeaders): HarCookie[] {
  return headers.getAll('set-cookie').flatMap((line) => {
    const [pair, ...attributes] = line.split(';');
    const [cookie] = cookieOf(pair ?? '');
    return cookie ? [Object.assign(cookie, ...attributes.map(attributeOf)) as HarCookie] : [];
  });
}

function cookieOf(pair: string): HarCookie[] {
  const [name, value] = split(pair);
  return name === '' && value === '' ? [] : [{ name, value }];
}

function attributeOf(attribute: string): Partial<HarCookie> {
  const [name, value] = split(attribute);
  switch (name.toLowerCase()) {
    case 'path':
      return { path: value };
    case 'domain':
      return { domain: value };
    case 'expires': {
      const time = Date.parse(value);
      return Number.isNaN(time) ? {} : { expires: new Date(time).toISOString() };
    }
    case 'httponly':
      return { httpOnly: true };
    case 'secure':
      return { secure: true };
    default:
      return {};
  }
}

function split(pair: string): [name: string, value: string] {
  const at = pair.indexOf('=');
  return at < 0 ? [pair.trim(), ''] : [pair.slice(0, at).trim(), pair.slice(at + 1).trim()];
}
