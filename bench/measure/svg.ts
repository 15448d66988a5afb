import type { Results, WorkResult } from './results';
import { shown } from './numbers';

const LINE = 22;
const LABELS = 360;
const BARS = 420;
const WIDTH = LABELS + BARS + 190;

/** The results as a picture: for each figure of each work a bar for everyone, with whiskers from the lowest turn to the highest. */
export function svg({ machine, works }: Results): string {
  const parts: string[] = [];
  let y = LINE;
  for (const work of works) {
    for (const figure of work.figures) {
      parts.push(text(10, y, `${work.title}: ${figure.name}, ${figure.unit}`, 'class="title"'));
      parts.push(...bars(work, figure.name, y));
      y += LINE * (work.entrants.length + 2);
    }
  }
  parts.push(
    text(
      10,
      y,
      Object.entries(machine)
        .map(([name, value]) => `${name} ${value}`)
        .join(' · '),
      'class="small"',
    ),
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${y + LINE}" width="${WIDTH}" height="${y + LINE}" font-family="sans-serif" font-size="13">
<style>text { fill: #24292f } .title { font-weight: bold } .small { font-size: 10px } .ours { fill: #2f6fdf } .other { fill: #a8b3c2 } path { stroke: #24292f; fill: none } @media (prefers-color-scheme: dark) { text { fill: #e6edf3 } path { stroke: #e6edf3 } }</style>
${parts.join('\n')}
</svg>
`;
}

function bars(work: WorkResult, figure: string, top: number): string[] {
  const longest = Math.max(...work.entrants.map(({ spread }) => spread[figure]!.highest));
  const scale = longest > 0 ? BARS / longest : 0;
  return work.entrants.flatMap(({ name, spread }, at) => {
    const y = top + LINE * (at + 1);
    const { median, lowest, highest } = spread[figure]!;
    const [left, right] = [LABELS + lowest * scale, LABELS + highest * scale];
    const middle = y - 4;
    return [
      text(LABELS - 8, y, name, 'text-anchor="end"'),
      `<rect class="${name.startsWith('replay-proxy') ? 'ours' : 'other'}" x="${LABELS}" y="${y - 12}" width="${fixed(median * scale)}" height="16"/>`,
      `<path d="M${fixed(left)} ${middle}H${fixed(right)}M${fixed(left)} ${middle - 4}v8M${fixed(right)} ${middle - 4}v8"/>`,
      text(right + 8, y, shown(median), ''),
    ];
  });
}

function text(x: number, y: number, words: string, attributes: string): string {
  return `<text x="${fixed(x)}" y="${fixed(y)}" ${attributes}>${escaped(words)}</text>`;
}

function fixed(value: number): string {
  return value.toFixed(1);
}

function escaped(words: string): string {
  return words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
