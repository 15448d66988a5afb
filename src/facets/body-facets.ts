import { createHash } from 'node:crypto';
import { isUtf8 } from 'node:buffer';
import { decodeContent } from '../http/content-coding'; // late
import { type FormField, parseForm } from '../http/form'; // late
import { firstMessage } from '../http/grpc'; // late
import type { HttpRequest } from '../http/request';
import { isGrpc } from '../http/streams';
import { type Facet, facetName, joinFacets } from './facets';
import { canonicalJson, type JsonTree, leavesOf, parseJson } from './json-tree';

/** What a request's body says, its content coding undone. */
export type BodyContent =
  | {
      readonly kind: 'json';
      readonly tree: JsonTree;
      /** An object has a key twice; the tree has the last one. */
      readonly hasEqualKeys: boolean;
    }
  | { readonly kind: 'form'; readonly fields: readonly FormField[] }
  /** Anything else, by a text that is equal for equal bytes. */
  | { readonly kind: 'bytes'; readonly digest: string };

/** Larger bodies are compared by their bytes. */
const LARGEST = 16 * 1024 * 1024;
/** Coded bodies of more bytes are compared as they are. */
const MOST_CODED = 64 * 1024 * 1024;
const JSON_TYPE = /^\s*[\w.+-]+\/(?:[\w.+-]+\+)?json\s*(?:;|$)/i;

/**
 * Reads a request's body; undefined for an empty one. `unknown` stands for a body that cannot be read; one of more than `largest`
 * bytes is not looked into.
 * @throws RecordingError when the recording's file cannot be read any more.
 */
export function readBody(
  { body, headers }: Pick<HttpRequest, 'body' | 'headers'>,
  unknown: string,
  largest?: number,
): BodyContent | undefined {
  const most = largest ?? LARGEST;
  if (isGrpc(headers)) return readCall({ body, headers }, unknown, most);
  if (body.kind === 'stream') return { kind: 'bytes', digest: unknown };
  if (body.length === 0) return undefined;
  const coding = headers.folded('content-encoding');
  if ((body.length ?? 0) > (coding ? MOST_CODED : most))
    return { kind: 'bytes', digest: `sha256:${body.digest()}` };
  const bytes = decoded(body.bytesSync(), coding, largest);
  if (bytes.length === 0) return undefined;
  const type = headers.get('content-type');
  if (bytes.length <= most) {
    const json = jsonIn(bytes, type);
    if (json) return { kind: 'json', ...json };
    const fields = parseForm(bytes, type);
    if (fields) return { kind: 'form', fields };
  }
  return { kind: 'bytes', digest: digestOf(bytes) };
}

/** Of a gRPC call the first message counts: of most it is the only one, and of the others the rest is not here yet. */
function readCall(
  { body, headers }: Pick<HttpRequest, 'body' | 'headers'>,
  unknown: string,
  most: number,
): BodyContent | undefined {
  const { opening } = body;
  if (body.kind === 'stream' && !opening) return { kind: 'bytes', digest: unknown };
  if ((opening ?? body).length === 0) return undefined;
  const message = firstMessage(opening ? [opening] : body.chunksSync(), most);
  if (message === 'too long') return { kind: 'bytes', digest: unknown };
  // What is no message is compared as it is.
  if (!message) return { kind: 'bytes', digest: digestOf(opening ?? body.bytesSync()) };
  const coding = message.isCompressed ? headers.folded('grpc-encoding') : undefined;
  return { kind: 'bytes', digest: digestOf(decoded(message.bytes, coding, undefined)) };
}

/** The facets of a body: one a leaf of JSON, one a field of a form, else one of all. */
export function bodyFacets(content: BodyContent | undefined): Facet[] {
  if (!content) return [];
  if (content.kind === 'bytes') return [['body', content.digest]];
  if (content.kind === 'form') return content.fields.map(fieldFacet);
  return leavesOf(content.tree, 'body') ?? [['body', digestOf(canonicalJson(content.tree))]];
}

/** One short text for a body, equal where the kind and the facets are, without making facets of JSON. */
export function bodyKey(content: BodyContent | undefined): string {
  if (!content) return '';
  if (content.kind === 'bytes') return content.digest;
  if (content.kind === 'json') return `json ${digestOf(canonicalJson(content.tree))}`;
  return facetsKey(content.kind, bodyFacets(content));
}

/** One short text for the facets that are left of a body of this kind; bodies of two kinds are equal only when nothing is left of both. */
export function facetsKey(kind: BodyContent['kind'] | undefined, facets: readonly Facet[]): string {
  // As UTF-16, since halves of surrogate pairs would all be one character in UTF-8.
  return facets.length === 0 ? '' : `${kind} facets ${digestOf(Buffer.from(joinFacets(facets), 'utf16le'))}`;
}

/** What claims to be coded and is not, or makes too much of itself, is compared as it is. */
function decoded(bytes: Buffer, coding: string | undefined, limit: number | undefined): Buffer {
  try {
    return decodeContent(bytes, coding, limit);
  } catch {
    return bytes;
  }
}

/** JSON by its type, or by its looks: scripts send it as text, curl as a form. */
function jsonIn(
  bytes: Buffer,
  type: string | undefined,
): { tree: JsonTree; hasEqualKeys: boolean } | undefined {
  const isTyped = type !== undefined && JSON_TYPE.test(type);
  const first = bytes.find((byte) => byte !== 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d);
  const looks = first === 0x7b || first === 0x5b;
  if ((!isTyped && !looks) || !isUtf8(bytes)) return undefined;
  let hasEqualKeys = false;
  const tree = parseJson(bytes.toString('utf8').replace(/^\ufeff/, ''), () => (hasEqualKeys = true));
  return tree === undefined ? undefined : { tree, hasEqualKeys };
}

function fieldFacet(field: FormField): Facet {
  const name = facetName('body', field.name);
  if (!('digest' in field)) return [name, field.value];
  return [name, `file ${JSON.stringify(field.fileName)} sha256:${field.digest}`];
}

function digestOf(content: Buffer | string): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`;
}
