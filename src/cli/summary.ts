import type { Counts } from '../../addons/ledger';

/** The line at the end of a run; `replay` is who knows how many entries there were and are left. */
export function summaryLine(
  counts: Readonly<Counts>,
  replay?: { readonly entries: readonly unknown[]; readonly remaining: number },
): string {
  const { answered, refreshed, forwarded, recorded, killed, missed, failed, aborted } = counts;
  const some = (number: number, what: string) => (number > 0 ? [`${number} ${what}`] : []);
  const line = [
    `${answered} answered (${refreshed} refreshed)`,
    `${forwarded} forwarded`,
    ...some(recorded, 'recorded'),
    `${killed} killed`,
    ...some(missed, 'missed'),
    ...some(failed, 'failed'),
    ...some(aborted, 'aborted'),
  ].join(', ');
  const left = replay?.entries.length ? `; ${replay.remaining} of ${replay.entries.length} entries left` : '';
  return line + left;
}
