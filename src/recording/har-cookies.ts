import type { HttpHeaders } from '../http/headers';

/** A cookie as HAR 1.2 lists it beside the headers, for viewers; the headers are what counts. */
export interface HarCookie {
  name: string;
  value: string;
  path?: string;
  domain?: string;
  /** ISO 8601. */
  expires?: string;
  httpOnly?: boolean;
  secure?: boolean;
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
    if (!cookie) return [];
    for (const attribute of attributes) note(attribute, cookie);
    return [cookie];
  });
}

function cookieOf(pair: string): HarCookie[] {
  const [name, value] = split(pair);
  return name === '' && value === '' ? [] : [{ name, value }];
}

function note(attribute: string, cookie: HarCookie): void {
  const [name, value] = split(attribute);
  switch (name.toLowerCase()) {
    case 'path':
      cookie.path = value;
      break;
    case 'domain':
      cookie.domain = value;
      break;
    case 'expires': {
      const time = Date.parse(value);
      if (!Number.isNaN(time)) cookie.expires = new Date(time).toISOString();
      break;
    }
    case 'httponly':
      cookie.httpOnly = true;
      break;
    case 'secure':
      cookie.secure = true;
      break;
  }
}

function split(pair: string): [name: string, value: string] {
  const at = pair.indexOf('=');
  return at < 0 ? [pair.trim(), ''] : [pair.slice(0, at).trim(), pair.slice(at + 1).trim()];
}
