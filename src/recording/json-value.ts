/** An object of parsed JSON; nothing about its members is known yet. */
export type JsonObject = { readonly [key: string]: unknown };

/** An object while it is filled member by member: to put it together by spreading others takes several times as long. */
export type Draft<T> = { -readonly [Key in keyof T]: T[Key] };

/** True for an object that is neither null nor a list. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The member of that name if `value` is an object and the member one too. */
export function objectIn(value: unknown, key: string): JsonObject | undefined {
  const member = isObject(value) ? value[key] : undefined;
  return isObject(member) ? member : undefined;
}

/** The value if it is text. */
export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** The value if it is a finite number, also one written as text. */
export function numberOf(value: unknown): number | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

/** A stranger's text in quotes, on one line, without control bytes, cut to a readable length: for messages. */
export function quoted(value: unknown): string {
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? 'a list' : 'an object';
  const text = String(value);
  const cut = text.length > 60 ? `${text.slice(0, 57)}...` : text;

  return JSON.stringify(cut).replace(/[\x7f-\x9f]/g, (c) => `\\u00${c.charCodeAt(0).toString(16)}`);
}
