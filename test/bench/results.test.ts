import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkFloors, type Floor } from '../../bench/measure/floors';
import { goalsTable } from '../../bench/measure/goals';
import { shown } from '../../bench/measure/numbers';
import { merged, resultOf, type Results } from '../../bench/measure/results';
import { svg } from '../../bench/measure/svg';
import { table } from '../../bench/measure/table';
import type { Comparison } from '../../bench/work';

const WORK = {
  name: 'dig',
  title: 'digging <holes> & filling them',
  conditions: { load: 'spades', body: 'earth', tls: 'none', keepAlive: 'kept alive' },
  figures: [
    { name: 'holes', unit: 'holes/h', better: 'more' },
    { name: 'sweat', unit: 'ml', better: 'less' },
  ],
} as const;

const AT = '2026-01-01T00:00:00.000Z';

const MEASURED = [
  { name: 'replay-proxy', version: '1', turns: [turn(3, 10), turn(4, 20), turn(10, 30)] },
  { name: 'digger', version: '2', turns: [turn(4, 10), turn(8, 10), turn(10, 10)] },
];

function turn(holes: number, sweat: number) {
  return { holes, sweat };
}

function digging(...comparisons: Comparison[]) {
  return resultOf(AT, { ...WORK, comparisons }, MEASURED);
}

const RATE = { of: 'replay-proxy', to: 'digger', figure: 'holes' };

describe('the results of the benchmark', () => {
  it('compares turn by turn', () => {
    const [comparison] = digging(RATE).comparisons;
    assert.deepEqual(comparison, { ...RATE, ratio: { median: 0.75, lowest: 0.5, highest: 1 } });
  });

  it('lists the goals as a table in Markdown', () => {
    const work = digging({ ...RATE, atLeast: 0.75 }, RATE, {
      of: 'replay-proxy',
      figure: 'sweat',
      atMost: 1 / 30,
    });
    assert.deepEqual(
      goalsTable({ machine: {}, works: [work] })
        .split('\n')
        .slice(2),
      [
        '| digging <holes> & filling them | replay-proxy / digger: holes | ≥ 0.750 | 0.750 (0.500 to 1.00) | met |',
        '|  | replay-proxy: sweat | ≤ 0.033 ml | 20.0 (10.0 to 30.0) | **missed** |',
      ],
    );
  });

  it('says of a goal whether the median met it', () => {
    const met = digging(
      { ...RATE, atLeast: 0.75 },
      { ...RATE, atLeast: 0.76 },
      { ...RATE, atMost: 0.75 },
      { ...RATE, atMost: 0.74 },
    ).comparisons.map((comparison) => comparison.met);
    assert.deepEqual(met, [true, false, true, false]);
  });

  it('holds a figure by itself to a goal', () => {
    const [comparison] = digging({ of: 'digger', figure: 'holes', atMost: 8 }).comparisons;
    assert.equal(comparison?.ratio.median, 8);
    assert.equal(comparison.met, true);
  });

  it('leaves out who was not there, and figures that the system cannot give', () => {
    assert.deepEqual(digging({ ...RATE, to: 'mole' }).comparisons, []);
    const unknown = MEASURED.map((entrant) => ({ ...entrant, turns: [turn(1, NaN)] }));
    const result = resultOf(AT, { ...WORK, comparisons: [{ ...RATE, figure: 'sweat' }] }, unknown);
    assert.deepEqual([result.figures.map(({ name }) => name), result.comparisons], [['holes'], []]);
  });

  it('keeps what was not measured again, but nothing of another machine', () => {
    const named = (name: string, at: string) => ({ ...digging(), name, at });
    const run = (node: string, ...works: Results['works']) => ({ machine: { node }, works });
    const whatOf = ({ works }: Results) => works.map(({ name, at }) => `${name} ${at}`);
    const earlier = run('20', named('a', 'then'), named('b', 'then'), named('gone', 'then'));
    const now = run('20', named('b', 'now'));
    assert.deepEqual(whatOf(merged(earlier, now, ['a', 'b', 'c'])), ['a then', 'b now']);
    assert.deepEqual(whatOf(merged({ ...earlier, machine: { node: '22' } }, now, ['a', 'b'])), ['b now']);
    assert.deepEqual(whatOf(merged(undefined, now, ['a', 'b'])), ['b now']);
  });

  it('makes a table that names conditions, versions, spread and goals', () => {
    const works = [digging({ ...RATE, atLeast: 0.85 })];
    const text = table({ machine: { node: '20' }, works });
    for (const words of [
      'node: 20',
      `dig: digging <holes> & filling them (${AT})`,
      'load: spades; body: earth; TLS: none; connections: kept alive; 3 turns each',
      'holes, holes/h, more is better: median (lowest to highest)',
      '    replay-proxy  1  4.00  (3.00 to 10.0)',
      '    replay-proxy / digger, holes  0.750  (0.500 to 1.00)  goal ≥ 0.85: missed',
    ]) {
      assert.ok(text.includes(words), `${words}\nis not in\n${text}`);
    }
  });

  it('draws bars as long as the medians, with whiskers from lowest to highest', () => {
    const picture = svg({ machine: { node: '20' }, works: [digging()] });
    assert.match(picture, /digging &lt;holes&gt; &amp; filling them: holes, holes\/h/);
    const widths = [...picture.matchAll(/width="([\d.]+)" height="16"/g)].map(([, width]) => Number(width));
    // The longest is 10 holes: 420 long.
    assert.deepEqual(widths.slice(0, 2), [168, 336]);
    assert.match(picture, /<path d="M486.0 \d+H780.0M486.0 \d+v8M780.0 \d+v8"\/>/);
  });
});

describe('the floors of the benchmark', () => {
  const hold = (...floors: Floor[]) => checkFloors([digging(RATE)], floors);

  it('are kept by a ratio that reaches them', () => {
    assert.deepEqual(hold({ work: 'dig', ...RATE, atLeast: 0.75, atMost: 0.75 }), {
      broken: [],
      unmeasured: [],
    });
  });

  it('are broken by one below, or above a limit', () => {
    assert.deepEqual(
      hold({ work: 'dig', ...RATE, atLeast: 0.8 }, { work: 'dig', ...RATE, atMost: 0.7 }).broken,
      [
        'dig: replay-proxy / digger, holes is 0.750, below its floor of 0.8',
        'dig: replay-proxy / digger, holes is 0.750, above its limit of 0.7',
      ],
    );
  });

  it('that nothing was measured for are named, not kept', () => {
    assert.deepEqual(hold({ work: 'fill', ...RATE, atLeast: 0.1 }).unmeasured, [
      'fill: replay-proxy / digger, holes was not measured',
    ]);
  });

  it('in the file have each one limit', () => {
    const file = join(__dirname, '..', '..', 'bench', 'floors.json');
    for (const floor of JSON.parse(readFileSync(file, 'utf8')) as Floor[]) {
      assert.equal(typeof (floor.atLeast ?? floor.atMost), 'number', JSON.stringify(floor));
    }
  });
});

describe('the numbers of the benchmark', () => {
  it('have three digits that count', () => {
    assert.deepEqual([28_410.4, 999.6, 123.4, 12.34, 1.234, 0.1234].map(shown), [
      '28,410',
      '1000',
      '123',
      '12.3',
      '1.23',
      '0.123',
    ]);
  });
});
