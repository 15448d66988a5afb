import type { Report } from '../../addons/ledger';
import type { FAILINGS } from '../config/define-config';
import { missLine, place } from '../miss/miss-text';

/** Lines a word gets. */
const SHOWN = 5;

type Failing = (typeof FAILINGS)[number];

/** What makes a run fail, in lines for a person: a headline for each of the words of which there is any, and the first of these. */
export function failings(report: Report, words: readonly Failing[]): string[] {
  return [...new Set(words)].flatMap((word) => {
    const count = report.counts[word];
    if (count === 0) return [];
    const shown = guilty(report, word).slice(0, SHOWN);
    const more = count > shown.length ? [`  and ${count - shown.length} more`] : [];
    return [`--fail-on ${word}: ${headline(word, count)}`, ...shown.map((line) => `  ${line}`), ...more];
  });
}

function headline(word: Failing, count: number): string {
  const one = count === 1;
  if (word === 'unused') return `${count} recorded ${one ? 'entry was' : 'entries were'} never used`;
  const was = one ? 'request was' : 'requests were';
  if (word === 'failed') return `${count} ${was} not answered, since something failed`;
  return `${count} ${was} ${word === 'refused' ? 'to leave although nothing may' : word}`;
}

function guilty(report: Report, word: Failing): string[] {
  if (word === 'unused') return report.unused.map((entry) => `${place(entry)} ${entry.method} ${entry.url}`);
  if (word === 'missed')
    return report.missed.map(
      ({ method, url, miss }) => `${method} ${url}${miss ? `: ${missLine(miss)}` : ''}`,
    );
  return report[word].map(({ method, url, by, error }) => {
    const letOut = word === 'forwarded' && by !== undefined ? [`by addon ${by}`] : [];
    return [`${method} ${url}`, ...letOut, ...(error === undefined ? [] : [error])].join(': ');
  });
}
