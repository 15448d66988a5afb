import { wordsOf } from './name-words';

/** What a name says that its value is. */
export type SecretNoun = 'a password' | 'a secret' | 'a token' | 'a key' | 'a session';

/** The words that say it, wherever they stand in the name. */
const NOUNS: ReadonlyMap<string, SecretNoun> = new Map<string, SecretNoun>([
  ...each('a password', ['password', 'passwd', 'pwd', 'passphrase', 'passcode']),
  ...each('a secret', ['secret', 'client secret', 'clientsecret', 'credential', 'credentials']),
  ...each('a token', ['token', 'accesstoken', 'refreshtoken', 'authtoken', 'idtoken', 'bearer', 'jwt']),
  ...each('a key', ['api key', 'secret key', 'private key', 'access key', 'signing key', 'encryption key']),
  ...each('a key', ['auth key', 'account key', 'shared key', 'subscription key']),
  ...each('a key', ['apikey', 'secretkey', 'privatekey', 'accesskey']),
  ...each('a session', ['session', 'session id', 'sessionid', 'sessid', 'jsessionid', 'phpsessid']),
]);
/** What each of them has in it. */
const HINT = /pass(?:w|ph|c)|pwd|secret|credential|token|bearer|jwt|session|sessid|key/i;
/** What may follow; after anything else (`token_type`, `password_hint`) the value is about the secret. */
const TAIL = /^(?:\d+|value|confirmation|confirm|again|repeat|verify|key|token|secret|string)$/;
/** A token after these says where a list goes on. */
const PLACES = ['page', 'next', 'previous', 'prev', 'continuation', 'pagination', 'sync', 'start', 'skip'];

/** Whether a text may hold the name of a secret; most do not, and need not be looked at more closely. */
export function mayNameSecret(text: string): boolean {
  return HINT.test(text);
}

/** What the name says that its value is; undefined when nothing secret. Whole words count: `tokenizer` is none. */
export function secretNoun(name: string): SecretNoun | undefined {
  if (!mayNameSecret(name)) return undefined;
  const words = wordsOf(name);
  for (let i = 0; i < words.length; i += 1) {
    for (const length of [2, 1]) {
      const noun = NOUNS.get(words.slice(i, i + length).join(' '));
      if (noun === undefined || (noun === 'a token' && PLACES.includes(words[i - 1] ?? ''))) continue;
      if (words.slice(i + length).every((word) => TAIL.test(word))) return noun;
    }
  }
  return undefined;
}

function each(noun: SecretNoun, names: readonly string[]): (readonly [string, SecretNoun])[] {
  return names.map((name) => [name, noun]);
}
