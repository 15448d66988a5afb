import type { EntryName, RecordedFlow } from 'replay-proxy';

/** What a report calls an entry. */
export function nameOf({ source, number, request }: RecordedFlow): EntryName {
  return { source, number, method: request.method, url: request.url };
}
