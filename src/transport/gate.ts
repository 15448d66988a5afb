import { isUtf8 } from 'node:buffer';
import { createHash, timingSafeEqual } from 'node:crypto';
import { ConfigError } from '../errors';
import type { Refusal } from './refusal';
import type { Route } from './request-head';

/** What a gate asks of clients. */
export interface GateOptions {
  /** Whether user names name sessions; `required`: there has to be one. */
  readonly sessions: boolean | 'required';
  /** `[user:]password`; undefined where no password is asked for. */
  readonly proxyAuth?: string;
}

/** What a client says of itself. */
export interface Login {
  readonly user: string;
  readonly password: string;
}

/** Whom a request is from, as far as it counts. */
export interface Admission {
  /** Empty for the default session. */
  readonly session: string;
}

const CHALLENGE = { 'proxy-authenticate': 'Basic realm="replay-proxy", charset="UTF-8"' } as const;
const LONGEST_NAME = 200;

/** Reads proxy credentials (RFC 9110 §11.7.2, RFC 7617, RFC 1929): the user name names a session, the password lets in. */
export class Gate {
  readonly #sessions: GateOptions['sessions'];
  readonly #password: Buffer | undefined;
  readonly #warn: (line: string) => void;
  #hasWarned = false;

  /**
   * `warn` takes a line about credentials that nobody reads.
   * @throws ConfigError for an empty password.
   */
  constructor({ sessions, proxyAuth }: GateOptions, warn: (line: string) => void = () => {}) {
    this.#sessions = sessions;
    this.#warn = warn;
    if (proxyAuth === undefined) return;
    // The user name is the client's to choose.
    const password = proxyAuth.replace(/^[^:]*:/, '');
    if (password === '') throw new ConfigError('--proxy-auth has an empty password, which lets anybody in');
    this.#password = digest(password);
  }

  /** `credentials` is the value of Proxy-Authorization; `session` is already known of a client that came through a session's own port. */
  admit(credentials: string | undefined, session?: string): Admission | Refusal {
    const login = credentials === undefined ? undefined : basic(credentials);
    if (credentials !== undefined && !login) {
      // Nothing but its first word, and that only if it is one, is fit to be shown.
      const scheme = /^[a-z][a-z0-9-]{0,19}(?= |$)/i.exec(credentials)?.[0] ?? 'unknown';
      const what = /^basic$/i.test(scheme) ? 'Basic that cannot be decoded' : `the scheme ${scheme}`;
      const isAsked =
        this.#password !== undefined || (this.#sessions === 'required' && session === undefined);
      if (isAsked)
        return challenge(
          `proxy credentials of ${what} are not read here; send Basic ones, http://name:password@host:port`,
        );
      if (!this.#hasWarned)
        this.#warn(
          `a client sends proxy credentials of ${what}, which are not read; Basic ones name a session`,
        );
      this.#hasWarned = true;
    }
    return this.check(login, session);
  }

  /** What `admit` does for a request by the way that it came: who has a tunnel was asked when it was opened. */
  admitRequest(
    credentials: string | undefined,
    { route, session }: { readonly route: Route; readonly session?: string | undefined },
  ): Admission | Refusal {
    return route.kind === 'tunnel' ? { session: session ?? '' } : this.admit(credentials, session);
  }

  /** What `admit` does with credentials that were read; undefined for a client that has sent none. */
  check(login: Login | undefined, session?: string): Admission | Refusal {
    const { user = '', password } = login ?? {};
    if (this.#password && !(password !== undefined && timingSafeEqual(digest(password), this.#password)))
      return challenge(
        'the proxy asks for a password; put it into the proxy URL, http://name:password@host:port',
      );
    if (session !== undefined) return { session };
    if (this.#sessions === false) return { session: '' };
    if (user === '' && this.#sessions === 'required')
      return challenge(
        'name a session: the user name of the proxy URL, http://name:x@host:port, or the port that proxy.session(name) opens',
      );
    if (!isSessionName(user) && user !== '')
      return {
        status: 400,
        sentence: `a session's name has no control characters and at most ${LONGEST_NAME} others`,
      };
    return { session: user };
  }
}

/** True for what can name a session. */
export function isSessionName(name: unknown): name is string {
  if (typeof name !== 'string' || name === '' || name.length > LONGEST_NAME) return false;
  // eslint-disable-next-line no-control-regex -- control characters are what it looks for
  return !/[\x00-\x1f\x7f-\x9f]/.test(name);
}

function challenge(sentence: string): Refusal {
  return { status: 407, sentence, headers: CHALLENGE };
}

/** The text of credentials; what is no UTF-8 keeps its bytes apart, so that two names stay two. */
export function textOf(bytes: Buffer): string {
  return bytes.toString(isUtf8(bytes) ? 'utf8' : 'latin1');
}

function basic(credentials: string): Login | undefined {
  const [, encoded] = /^basic +([A-Za-z0-9+/_-]*={0,2}) *$/i.exec(credentials) ?? [];
  if (encoded === undefined) return undefined;
  const text = textOf(Buffer.from(encoded, 'base64'));
  const colon = text.indexOf(':');
  return colon === -1
    ? { user: text, password: '' }
    : { user: text.slice(0, colon), password: text.slice(colon + 1) };
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text, 'utf8').digest();
}
