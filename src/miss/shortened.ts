import { cutMiddle } from './cut-values';
import type { EntryName, Miss } from './miss';

/** Characters of a URL in logs and reports. */
export const LONGEST_URL = 2000;

/** The miss with its URLs cut to what a report can bear; after secrets are out, since the cut may part them from their names. */
export function shortened(miss: Miss): Miss {
  const entry = (name: EntryName) => ({ ...name, url: cutMiddle(name.url, LONGEST_URL) });
  return {
    ...miss,
    url: cutMiddle(miss.url, LONGEST_URL),
    ...(miss.used && { used: { ...miss.used, entries: miss.used.entries.map(entry) } }),
    unfit: miss.unfit.map((one) => ({ ...one, entry: entry(one.entry) })),
    nearest: miss.nearest.map((near) => ({ ...near, entry: entry(near.entry) })),
  };
}
