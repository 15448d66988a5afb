import { RecordingError } from '../errors';
import { isMethod, localScheme, targetOf, type HarTarget } from './har-target';
import { isObject, numberOf, objectIn, quoted, textOf, type JsonObject } from './json-value';

/** What an entry asks for. */
export interface HarRequestHead extends HarTarget {
  readonly method: string;
}

/** An entry whose URL goes to no server, as a page's `data:` images; nothing is lost by leaving it out. */
export class LocalEntry {
  constructor(readonly scheme: string) {}
}

/**
 * What an entry asks for, by its URL or, if it is ours, by its exact target.
 * @throws RecordingError, saying only what is wrong with the entry.
 */
export function requestHeadOf(
  entry: JsonObject,
  extras: JsonObject | undefined,
): HarRequestHead | LocalEntry {
  const request = objectIn(entry, 'request');
  const url = textOf(request?.['url']);
  const method = textOf(request?.['method']);
  if (url === undefined) throw new RecordingError('missing "request.url"');
  if (method === undefined) throw new RecordingError('missing "request.method"');
  if (!isMethod(method)) throw new RecordingError(`method ${quoted(method)} is no token`);
  const target = targetOf(url, method) ?? targetOf(url, method, hostOf(request?.['headers']));
  if (target === undefined) {
    const scheme = localScheme(url);
    if (scheme !== undefined) return new LocalEntry(scheme);
    throw new RecordingError(`url ${quoted(url)} is no absolute http URL`);
  }
  const exact = objectIn(objectIn(extras, 'request'), 'target');
  const [host, port, path] = [textOf(exact?.['host']), numberOf(exact?.['port']), textOf(exact?.['path'])];
  const agrees = exact?.['url'] === url && isOnWire(host) && isOnWire(path) && port! >= 1 && port! <= 65535;
  return agrees
    ? { scheme: target.scheme, host: host!, port: port!, path: path!, method }
    : { ...target, method };
}

function hostOf(headers: unknown): string | undefined {
  const isHost = (line: unknown): line is JsonObject =>
    isObject(line) && /^(?:host|:authority)$/i.test(textOf(line['name']) ?? '');
  return Array.isArray(headers) ? textOf((headers as unknown[]).find(isHost)?.['value']) : undefined;
}

/** Text that can stand in a request line as it is. */
function isOnWire(text: string | undefined): boolean {
  return text !== undefined && /^[!-~\x80-\xff]+$/.test(text);
}
