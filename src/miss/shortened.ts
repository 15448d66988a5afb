import { cutMiddle } from './cut-values';
import type { Miss } from './miss';
import { withUrls } from './with-urls';

/** Characters of a URL in logs and reports. */
export const LONGEST_URL = 2000;

/** The miss with its URLs cut to what a report can bear; after secrets are out, since the cut may part them from their names. */
export function shortened(miss: Miss): Miss {
  return withUrls(miss, (url) => cutMiddle(url, LONGEST_URL));
}
