import type { ComparisonResult, Results, WorkResult } from './results';
import { shown } from './numbers';

/** The results as text: what was measured under which conditions, what each came to, and the ratios with their goals. */
export function table({ machine, works }: Results): string {
  const head = Object.entries(machine).map(([name, value]) => `${name}: ${value}`);
  return `${[head.join('\n'), ...works.map(workTable)].join('\n\n')}\n`;
}

/** The part of the table that is about one work. */
export function workTable(work: WorkResult): string {
  const { load, body, tls, keepAlive } = work.conditions;
  const rows = work.figures.flatMap(({ name, unit, better }) => [
    `  ${name}, ${unit}, ${better} is better: median (lowest to highest)`,
    ...columns(
      work.entrants.map(({ name: entrant, version, spread }) => {
        const { median, lowest, highest } = spread[name]!;
        return [`    ${entrant}`, version, shown(median), `(${shown(lowest)} to ${shown(highest)})`];
      }),
    ),
  ]);
  const ratios = work.comparisons.map((comparison) => {
    const { of, to, figure, ratio } = comparison;
    const names = to === undefined ? of : `${of} / ${to}`;
    const what = work.figures.length > 1 ? `, ${figure}` : '';
    const spread = `(${shown(ratio.lowest)} to ${shown(ratio.highest)})`;
    return [`    ${names}${what}`, shown(ratio.median), spread, verdict(comparison)];
  });
  const turns = work.entrants[0]?.turns.length ?? 0;
  return [
    `${work.name}: ${work.title} (${work.at})`,
    `  load: ${load}; body: ${body}; TLS: ${tls}; connections: ${keepAlive}; ${turns} turns each`,
    ...rows,
    ...(ratios.length > 0 ? ['  turn by turn', ...columns(ratios)] : []),
  ].join('\n');
}

function verdict({ atLeast, atMost, met }: ComparisonResult): string {
  if (met === undefined) return '';
  return `goal ${atLeast === undefined ? `≤ ${goal(atMost!)}` : `≥ ${goal(atLeast)}`}: ${met ? 'met' : 'missed'}`;
}

/** A thirtieth is no number to read in full. */
function goal(value: number): number {
  return Number(value.toPrecision(3));
}

function columns(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, at) => Math.max(...rows.map((row) => row[at]!.length)));
  return rows.map((row) =>
    row
      .map((cell, at) => (at === 0 ? cell.padEnd(widths[at]!) : cell.padStart(widths[at]!)))
      .join('  ')
      .trimEnd(),
  );
}
