import type { RecordedFlow } from '../recording/recorded-flow';
import type { EntryName } from './miss';

/** What reports call a recorded flow. */
export function entryName({ source, number, request }: RecordedFlow): EntryName {
  return { source, number, method: request.method, url: request.url };
}
