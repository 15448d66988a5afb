import type { RecordedFlow } from '../recording/recorded-flow';
import { cutMiddle } from './cut-values';
import type { EntryName } from './miss';

/** Characters of a URL in a report. */
export const LONGEST_URL = 2000;

/** What reports call a recorded flow. */
export function entryName({ source, number, request }: RecordedFlow): EntryName {
  return { source, number, method: request.method, url: cutMiddle(request.url, LONGEST_URL) };
}
