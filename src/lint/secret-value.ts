import type { SecretNoun } from './secret-name';

const NOTHING = /^(?:true|false|null|nil|undefined|none|unknown|n\/a|yes|no|on|off|\{\}|\[\])$/i;
const ONE_CHARACTER = /^([^])\1*$/;
const PLACEHOLDER = /^(?:\$\{[^}]*\}|\{\{[^}]*\}\}|<[^>]*>|%\w+%|\[[\w ]*\])$/;
const REDACTED = /redacted/i;
/** A URL or a path. */
const PLACE = /^(?:https?:\/\/|\/[a-z][\w.-]*(?:\/|$))/i;

/** Whether a value was taken out already. */
export function isRedactedText(value: string): boolean {
  return REDACTED.test(value);
}

/** Whether it says nothing: empty, a word like `null`, a placeholder, one character again and again. */
export function isTrivial(value: string): boolean {
  const text = value.trim();
  return ONE_CHARACTER.test(text) || text === '' || NOTHING.test(text) || PLACEHOLDER.test(text);
}

/**
 * Whether a value can be the secret that its name says. What a server sends is as often a label, a rule or a message: there it has to
 * look like a code.
 */
export function canBeSecret(value: string, noun: SecretNoun, from: 'client' | 'server'): boolean {
  if (value.length < 4 || isTrivial(value) || isRedactedText(value) || PLACE.test(value)) return false;
  if (from === 'client' && (noun === 'a password' || noun === 'a secret')) return true;
  if (value.length < 6 || /\s/.test(value)) return false;
  if (from === 'client' && noun !== 'a session') return true;
  const isCode = /[A-Za-z]/.test(value) && /\d/.test(value);
  return isCode || (value.length >= 16 && /[a-z][A-Z]/.test(value));
}
