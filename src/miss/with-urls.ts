import type { EntryName, Miss } from './miss';

/** The miss with each of its URLs as `change` makes it. */
export function withUrls(miss: Miss, change: (url: string) => string): Miss {
  const entry = (name: EntryName) => ({ ...name, url: change(name.url) });
  return {
    ...miss,
    url: change(miss.url),
    ...(miss.used && { used: { ...miss.used, entries: miss.used.entries.map(entry) } }),
    ...(miss.departure && { departure: { ...miss.departure, entry: entry(miss.departure.entry) } }),
    unfit: miss.unfit.map((one) => ({ ...one, entry: entry(one.entry) })),
    nearest: miss.nearest.map((near) => ({ ...near, entry: entry(near.entry) })),
  };
}
