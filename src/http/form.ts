import { MOST_FIELDS, parseMultipart, type FormField } from './multipart';
import { parsePairs } from './query';

export type { FormField, FormFile, FormValue } from './multipart';

/**
 * The fields of a decoded form body in their order, `undefined` if it is no form that can be read: another content type,
 * malformed multipart, more than 10,000 fields. Then its bytes are all there is to compare. Never throws.
 *
 * Reads `application/x-www-form-urlencoded` and `multipart/form-data` (RFC 7578); the boundary leaves no trace.
 */
export function parseForm(body: Buffer, contentType: string | undefined): FormField[] | undefined {
  if (contentType === undefined) return undefined;
  if (/^\s*multipart\/form-data\s*(?:;|$)/i.test(contentType)) return parseMultipart(body, contentType);
  if (!/^\s*application\/x-www-form-urlencoded\s*(?:;|$)/i.test(contentType)) return undefined;
  const fields = parsePairs(body.toString('latin1')).map(([name, value]) => ({ name, value }));
  return fields.length > MOST_FIELDS ? undefined : fields;
}
