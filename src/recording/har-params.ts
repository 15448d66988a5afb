import { hash } from 'node:crypto';
import { isFieldValue } from '../http/headers';
import { isObject, textOf, type JsonObject } from './json-value';

/** The Content-Type that a `postData` stands for where the headers have none; undefined when it tells nothing about its body. */
export function typeOfPost(postData: JsonObject | undefined): string | undefined {
  const type = textOf(postData?.['mimeType'])?.trim() ?? '';
  const params = postData?.['params'];
  const hasParams = Array.isArray(params) && params.length > 0;
  if (!hasParams && !textOf(postData?.['text'])) return undefined;
  // The type of bytes of any kind is what tools write for none.
  if (!/^[\w.+-]+\/[\w.+-]+/.test(type) || !isFieldValue(type) || /^application\/octet-stream\b/i.test(type))
    return undefined;
  const lacksBoundary = hasParams && /^multipart\//i.test(type) && !BOUNDARY.test(type);
  return lacksBoundary ? `${type}; boundary=${hash('sha256', JSON.stringify(params)).slice(0, 32)}` : type;
}

const BOUNDARY = /;\s*boundary=(?:"([^"]+)"|([^\s;"]+))/i;

/** The body that a form's `postData.params` describe; undefined when something of it is not there, as the bytes of a file. */
export function bodyOfParams(params: readonly unknown[], contentType: string): Buffer | undefined {
  if (/^multipart\/form-data/i.test(contentType)) return multipart(params, contentType);
  const pairs = params
    .filter(isObject)
    .map((param): [string, string] => [textOf(param['name']) ?? '', textOf(param['value']) ?? '']);
  return Buffer.from(new URLSearchParams(pairs).toString(), 'utf8');
}

/** RFC 7578: with the boundary of the recorded header, so that body and header still belong together. */
function multipart(params: readonly unknown[], contentType: string): Buffer | undefined {
  const boundary = BOUNDARY.exec(contentType)?.slice(1).find(Boolean);
  if (boundary === undefined) return undefined;
  let text = '';
  for (const param of params.filter(isObject)) {
    const value = textOf(param['value']);
    const fileName = textOf(param['fileName']);
    if (value === undefined || (fileName !== undefined && value === '')) return undefined;
    text += `--${boundary}\r\nContent-Disposition: form-data; name="${escaped(textOf(param['name']) ?? '')}"`;
    if (fileName !== undefined) text += `; filename="${escaped(fileName)}"`;
    const type = textOf(param['contentType']);
    if (type) text += `\r\nContent-Type: ${type.replace(/[\r\n]+/g, ' ')}`;
    text += `\r\n\r\n${value}\r\n`;
  }
  return Buffer.from(`${text}--${boundary}--\r\n`, 'utf8');
}

function escaped(value: string): string {
  return value.replace(/["\r\n]/g, (c) => (c === '"' ? '%22' : c === '\r' ? '%0D' : '%0A'));
}
