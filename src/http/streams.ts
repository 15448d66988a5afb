import type { HttpHeaders } from './headers';
import { remembered } from './remembered';

const KINDS: readonly (readonly [kind: StreamKind, types: RegExp])[] = [
  ['events', /^text\/event-stream$/],
  ['lines', /^application\/(?:x-)?(?:ndjson|jsonl|jsonlines|json-seq|json-stream|stream\+json)$/],
  ['grpc', /^application\/grpc(?:\+[\w.+-]+)?$/],
  ['parts', /^multipart\/x-mixed-replace$/],
  ['frames', /^application\/(?:grpc-web[\w.+-]*|connect\+[\w.+-]+|vnd\.amazon\.eventstream)$/],
];

/** Most messages are none of these. */
const ANY_KIND = new RegExp(KINDS.map(([, types]) => types.source).join('|'));

/** What the parts of a stream are: server-sent events, lines, gRPC messages, parts of a multipart, frames of another kind. */
export type StreamKind = 'events' | 'lines' | 'grpc' | 'parts' | 'frames';

/** The kind of a message whose parts mean something as they come; undefined for all others. */
export function streamKind(headers: HttpHeaders): StreamKind | undefined {
  const field = headers.get('content-type');
  return field === undefined ? undefined : kindOf(field);
}

const kindOf = remembered((field: string): StreamKind | undefined => {
  const type = field.split(';', 1)[0]!.trim().toLowerCase();
  return ANY_KIND.test(type) ? KINDS.find(([, types]) => types.test(type))?.[0] : undefined;
}, 1000);

/**
 * True for messages whose parts mean something as they come: to hold them until the end would break the client, and they may be silent for
 * long. A gRPC response with its status in the head is all head, and a client wants to be told so.
 */
export function streamsByNature(headers: HttpHeaders): boolean {
  return streamKind(headers) !== undefined && !headers.has('grpc-status');
}

/** True for a message of a gRPC call over HTTP/2, not of gRPC-Web. */
export function isGrpc(headers: HttpHeaders): boolean {
  return streamKind(headers) === 'grpc';
}
