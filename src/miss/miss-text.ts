import { escapeControls } from '../escape-controls';
import { shortened } from './shortened';
import type { Difference, EntryName, Miss, NearEntry, UnfitEntry, UsedEntries } from './miss';

/** A miss in one line, for logs: the reason and what comes nearest. */
export function missLine(miss: Miss): string {
  const { reason, used, unfit, nearest, declinedBy, departure } = miss;
  if (departure) return escapeControls(`departed from ${place(departure.entry)}: ${departureWords(miss)}`);
  if (reason === 'used up' && used) return `used up: ${usedUp(used)}`;
  if (reason === 'declined') return `addon ${declinedBy} declined the entries that match`;
  const [first] = unfit;
  if (reason === 'no candidate' && first)
    return escapeControls(`${place(first.entry)} matches, but ${first.why}`);
  const [near] = nearest;
  if (!near) return 'never recorded';
  return escapeControls(`never recorded; nearest is ${place(near.entry)}: ${firstDifference(near)}`);
}

/** Where the client of a recorded WebSocket departed from it, in a few words; empty for other misses. */
export function departureWords({ departure, nearest: [near] }: Miss): string {
  if (!departure) return '';
  const { how, message, of, equals } = departure;
  if (how === 'left early') return `the client left before message ${message} of ${of}`;
  if (how === 'one too many')
    return `message ${message} is one too many, ${of} ${of === 1 ? 'is' : 'are'} recorded`;
  if (equals !== undefined) return `message ${message} is the recorded message ${equals}`;
  return `message ${message} of ${of} is not the recorded one: ${near ? firstDifference(near) : ''}`;
}

/** A miss whole, several lines, for a person. `now` is epoch milliseconds, the system's clock unless told. */
export function missText(whole: Miss, now: number = Date.now()): string {
  const miss = shortened(whole);
  const { method, url, session, used, unfit, nearest, remedy } = miss;
  const asked = session === '' ? '' : ` (session ${session})`;
  const what = miss.departure
    ? 'the client of the recorded WebSocket departed from it:'
    : 'nothing recorded answers';
  const lines = [`${what} ${method} ${url}${asked}`, `${headline(miss)}`];
  if (used) lines.push('', ...usedLines(used, now));
  for (const one of unfit) lines.push('', ...unfitLines(one));
  if (nearest.length > 0) lines.push('', miss.departure ? 'recorded there:' : 'nearest:');
  for (const near of nearest) lines.push(...nearLines(near));
  if (remedy) {
    const match = miss.departure ? 'to make it match' : 'to make the nearest match';
    const effect = remedy.ignore.length > 0 ? match : 'to let it answer again';
    lines.push('', `${effect}, add`, `  ${remedy.flags}`, 'or, in replay.config.ts,', `  ${remedy.config}`);
  }
  return `${lines.map(escapeControls).join('\n')}\n`;
}

function headline(miss: Miss): string {
  const { reason, used, unfit, nearest, declinedBy, entries, sources } = miss;
  if (reason === 'departed') return `departed: ${departureWords(miss)}`;
  const all = `${entries} ${entries === 1 ? 'entry' : 'entries'} of ${sources.join(', ') || 'no recording'}`;
  if (reason === 'used up' && used) return `used up: ${usedUp(used)}`;
  if (reason === 'declined') return `declined: addon ${declinedBy} wanted none of the entries that match`;
  if (reason === 'no candidate') {
    return `recorded, but no candidate: ${unfit.length === 1 ? 'the entry that matches' : 'what matches'} cannot answer this request`;
  }
  return `never recorded: none of ${all} matches${nearest.length === 0 ? ', or comes near' : ''}`;
}

function usedUp({ count }: UsedEntries): string {
  if (count === 1) return 'the entry that matches has answered already';
  return `all ${count} entries that match have answered already`;
}

function usedLines({ count, entries, lastUsedAt }: UsedEntries, now: number): string[] {
  const more = count > entries.length ? `, and ${count - entries.length} more` : '';
  const last =
    lastUsedAt === undefined
      ? ''
      : `; last used at ${new Date(lastUsedAt).toTimeString().slice(0, 8)}, ${ago(now - lastUsedAt)}`;
  return [`used: ${entries.map(place).join(', ')}${more}${last}`];
}

function ago(milliseconds: number): string {
  const seconds = Math.max(0, milliseconds) / 1000;
  if (seconds < 120) return `${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)} s ago`;
  return seconds < 7200 ? `${Math.round(seconds / 60)} min ago` : `${Math.round(seconds / 3600)} h ago`;
}

function unfitLines({ entry, why, advice }: UnfitEntry): string[] {
  return [`${place(entry)} ${entry.method} ${entry.url}`, `    ${why}; ${advice}`];
}

function nearLines({ entry, isUsed, unfit, differences, more }: NearEntry): string[] {
  const width = Math.max(0, ...differences.map(({ facet }) => facet.length));
  const lines = differences.map(({ facet, asked, recorded, changedBy }) => {
    const by = changedBy ? `   (changed by addon ${changedBy.join(', ')})` : '';
    return `    ${facet.padEnd(width)}   asked ${shown(asked)}   recorded ${shown(recorded)}${by}`;
  });
  if (more > 0) lines.push(`    and ${more} more`);
  return [
    `  ${place(entry)} ${entry.method} ${entry.url}${isUsed ? ' (used)' : ''}${unfit === undefined ? '' : ` (cannot answer: ${unfit})`}`,
    ...lines,
  ];
}

function firstDifference({ differences, more }: NearEntry): string {
  const [difference] = differences;
  const others = differences.length - 1 + more;
  return `${difference ? inWords(difference) : ''}${others > 0 ? `, and ${others} more` : ''}`;
}

function inWords({ facet, asked, recorded }: Difference): string {
  if (asked === undefined) return `${facet} is missing, recorded ${shown(recorded)}`;
  if (recorded === undefined) return `${facet} is ${shown(asked)}, not recorded`;
  return `${facet} is ${shown(asked)}, recorded ${shown(recorded)}`;
}

function shown(value: string | undefined): string {
  if (value === undefined) return '(none)';
  return value === '' ? '(empty)' : value;
}

/** An entry in the shortest words that find it. */
export function place({ source, number }: Pick<EntryName, 'source' | 'number'>): string {
  return `#${number} of ${source}`;
}
