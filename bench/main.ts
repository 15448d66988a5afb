import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { LoadGenerator } from './load-generator';
import { machine } from './machine';
import { measureWork } from './measure-work';
import { checkFloors, type Floor } from './measure/floors';
import { goalsTable } from './measure/goals';
import { merged, type Results, type WorkResult } from './measure/results';
import { svg } from './measure/svg';
import { table, workTable } from './measure/table';
import type { Bench } from './work';
import { WORKS } from './works';

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string', multiple: true, default: [] },
    check: { type: 'boolean', default: false },
  },
});

void main();

async function main(): Promise<void> {
  const chosen = WORKS.filter(
    ({ name }) => values.only.length === 0 || values.only.some((beginning) => name.startsWith(beginning)),
  );
  if (chosen.length === 0) {
    throw new Error(
      `--only ${values.only.join(', ')} names no work; there are ${WORKS.map(({ name }) => name).join(', ')}`,
    );
  }
  const scratch = mkdtempSync(join(tmpdir(), 'replay-bench-'));
  const generator = new LoadGenerator();
  const results: Results = { machine: machine(), works: [] };
  const bench: Bench = { scratch, quick: values.quick, load: (asked) => generator.run(asked) };
  console.log(`${table(results)}load average: ${loadavg()[0]!.toFixed(1)}\n`);
  const works: WorkResult[] = [];
  try {
    for (const work of chosen) {
      const result = await measureWork(work, bench);
      works.push(result);
      console.log(`${workTable(result)}\n`);
    }
  } finally {
    generator.stop();
    rmSync(scratch, { recursive: true, force: true });
  }
  const written = write({ ...results, works });
  console.log(`\n${goalsTable(written)}\n`);
  if (values.check) hold(works);
}

/** What a quick run measures does not take the place of what is published. */
function write(now: Results): Results {
  const name = join(__dirname, values.quick ? 'quick' : 'results');
  const names = WORKS.map((work) => work.name);
  const earlier = existsSync(`${name}.json`)
    ? (JSON.parse(readFileSync(`${name}.json`, 'utf8')) as Results)
    : undefined;
  const results = merged(earlier, now, names);
  writeFileSync(`${name}.json`, `${JSON.stringify(results, undefined, 2)}\n`);
  writeFileSync(`${name}.svg`, svg(results));
  console.log(`written: ${name}.json, ${name}.svg`);
  return results;
}

function hold(works: readonly WorkResult[]): void {
  const floors = JSON.parse(readFileSync(join(__dirname, 'floors.json'), 'utf8')) as Floor[];
  const { broken, unmeasured } = checkFloors(works, floors);
  for (const line of [...unmeasured, ...broken]) console.log(line);
  console.log(`${broken.length} of ${floors.length - unmeasured.length} floors broken`);
  if (broken.length > 0) process.exitCode = 1;
}
