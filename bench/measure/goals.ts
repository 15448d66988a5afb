import { shown } from './numbers';
import type { ComparisonResult, Results } from './results';

/** The goals and what came of them, as a table in Markdown: the one that the README shows. */
export function goalsTable({ works }: Results): string {
  const rows = works.flatMap(({ title, comparisons, figures }) =>
    comparisons
      .filter(({ met }) => met !== undefined)
      .map((comparison, at) => [
        at === 0 ? title : '',
        figures.length > 1 ? `${nameOf(comparison)}: ${comparison.figure}` : nameOf(comparison),
        goalOf(comparison, figures.find(({ name }) => name === comparison.figure)?.unit),
        `${shown(comparison.ratio.median)} (${shown(comparison.ratio.lowest)} to ${shown(comparison.ratio.highest)})`,
        comparison.met ? 'met' : '**missed**',
      ]),
  );
  const head = ['Work', 'Compared', 'Goal', 'Measured: median (lowest to highest)', ''];
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function nameOf({ of, to }: ComparisonResult): string {
  return to === undefined ? of : `${of} / ${to}`;
}

/** A ratio has no unit. */
function goalOf({ to, atLeast, atMost }: ComparisonResult, unit = ''): string {
  const goal = atLeast === undefined ? `≤ ${shown(atMost!)}` : `≥ ${shown(atLeast)}`;
  return to === undefined ? `${goal} ${unit}` : goal;
}
