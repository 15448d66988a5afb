import { shellQuote } from '../shell-quote';
import type { Finding, Setting } from './finding';

/** What helps: in words, and as a setting if it is one. */
export type Suggestion = Pick<Finding, 'suggestion' | 'setting'>;

const CAPTURE = "take it out with an addon on Recorder's capture hook";
const REFRESH = "an addon on ResponseRefresh's body hook";

/** A setting as it is typed. */
export function settingText({ flag, value }: Setting): string {
  return `${flag} ${shellQuote(value)}`;
}

/** What keeps a facet out of the recording; of a response's text there is no part to name. */
export function redact(place: string): Suggestion {
  return place === 'response.body' ? { suggestion: CAPTURE } : suggest({ flag: '--redact', value: place });
}

/** What helps against a token in this facet that has expired. */
export function renew(place: string): Suggestion {
  if (place === 'response.body') return { suggestion: `renew it with ${REFRESH}` };
  if (!place.startsWith('response.')) return redact(place);
  const { suggestion, ...rest } = redact(place);
  return { suggestion: `${suggestion}, or renew it with ${REFRESH}`, ...rest };
}

/** What makes a request match whatever this facet is. */
export function ignore(place: string): Suggestion {
  return suggest({ flag: '--ignore', value: place });
}

/** What makes a request header count. */
export function compareHeader(name: string): Suggestion {
  return suggest({ flag: '--rheader', value: name });
}

function suggest(setting: Setting): Suggestion {
  return { suggestion: settingText(setting), setting };
}
