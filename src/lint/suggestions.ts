import { shellQuote } from '../shell-quote';

const CAPTURE = "take it out with an addon on Recorder's capture hook";
const REFRESH = "an addon on ResponseRefresh's body hook";

/** What keeps a facet out of the recording; of a response's text there is no part to name. */
export function redact(place: string): string {
  return place === 'response.body' ? CAPTURE : `--redact ${shellQuote(place)}`;
}

/** What helps against a token in this facet that has expired. */
export function renew(place: string): string {
  if (place === 'response.body') return `renew it with ${REFRESH}`;
  if (place.startsWith('response.')) return `${redact(place)}, or renew it with ${REFRESH}`;
  return redact(place);
}

/** What makes a request match whatever this facet is. */
export function ignore(place: string): string {
  return `--ignore ${shellQuote(place)}`;
}

/** What makes a request header count. */
export function compareHeader(name: string): string {
  return `--rheader ${shellQuote(name)}`;
}
