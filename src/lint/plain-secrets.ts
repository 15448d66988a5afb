import { SetCookie } from '../http/set-cookie';
import type { Content } from './content';
import { placeOf } from './place-of';
import type { Findings } from './findings';
import type { Visit } from './visit-json';
import type { Reading } from './reading';
import { mayNameSecret, secretNoun } from './secret-name';
import { secretShape } from './secret-shape';
import { canBeSecret, isRedactedText, isTrivial } from './secret-value';
import { redact } from './suggestions';

type From = 'client' | 'server';
/** What a value is that should not be read, as a noun phrase. */
type Judge = (value: string, key: string, from: From) => string | undefined;

const SCHEME = /^\s*(?:[\w-]{1,40}\s+|(?:basic|bearer|digest|negotiate|token)\s*$)/i;

/** Finds credentials that anybody who has the recording can read. */
export function findPlainSecrets(reading: Reading, found: Findings): void {
  const tellBy =
    (judge: Judge, from: From): Visit =>
    (value, key, nameOf) => {
      const detail = judge(value, key, from);
      if (detail === undefined || reading.isRedacted(nameOf())) return;
      const place = placeOf(nameOf());
      found.add(reading.flow.number, {
        kind: 'secrets',
        place,
        what: 'holds',
        detail,
        ...redact(place),
      });
    };
  const { requestBody, responseBody } = reading;
  reading.visitRequestHeaders(tellBy(headerSecret, 'client'));
  reading.visitQuery(tellBy(fieldSecret, 'client'));
  if (mayHoldSecret(requestBody)) requestBody.visit(tellBy(fieldSecret, 'client'));
  reading.visitResponseHeaders(tellBy(headerSecret, 'server'));
  if (mayHoldSecret(responseBody)) responseBody.visit(tellBy(fieldSecret, 'server'));
  for (const { from, content } of reading.messages()) {
    if (mayHoldSecret(content)) content.visit(tellBy(fieldSecret, from));
  }
}

function mayHoldSecret({ text }: Content): boolean {
  return mayNameSecret(text) || secretShape(text) !== undefined;
}

function headerSecret(value: string, key: string, from: From): string | undefined {
  if (isRedactedText(value)) return undefined;
  if (/(?:^|-)authorization$/.test(key)) {
    return isTrivial(value.replace(SCHEME, '')) ? undefined : 'credentials';
  }
  if (key === 'cookie') return value.split(';').some(isTellingCookie) ? 'cookies' : undefined;
  if (key === 'set-cookie') return isTellingCookie(value.split(';')[0]!) ? 'cookies' : undefined;
  return fieldSecret(value, key, from);
}

function fieldSecret(value: string, key: string, from: From): string | undefined {
  const noun = value.length < 4 ? undefined : secretNoun(key);
  if (noun !== undefined && canBeSecret(value, noun, from)) return noun;
  return secretShape(value);
}

/** `theme=dark` and `consent=true` are no credentials. */
function isTellingCookie(pair: string): boolean {
  const { name, value } = SetCookie.parse(pair);
  if (isTrivial(value)) return false;
  return secretNoun(name) !== undefined || value.length >= 16 || (value.length >= 6 && /\d/.test(value));
}
