import { RecordingError } from '../errors';

/** What becomes of a recording whose end is missing, to stand behind what was dropped: `the 3 flows before it are used`. */
export function usedBefore(flows: number): string {
  return flows === 1 ? 'the flow before it is used' : `the ${flows} flows before it are used`;
}

/** The error for a recording whose end is missing when no flow comes before that. */
export function nothingLeft(path: string): RecordingError {
  return new RecordingError(
    `recording ${path} is cut off and has not one whole flow; copy it again, or record it anew`,
  );
}
