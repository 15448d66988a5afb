import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { LoadGenerator } from './load-generator';
import { machine } from './machine';
import { measureWork } from './measure-work';
import { checkFloors, type Floor } from './measure/floors';
import type { Results, WorkResult } from './measure/results';
import { svg } from './measure/svg';
import { workTable } from './measure/table';
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
  const works: WorkResult[] = [];
  const at = new Date().toISOString();
  const facts = machine();
  console.log(
    `${Object.entries(facts)
      .map(([name, value]) => `${name}: ${value}`)
      .join('\n')}\n`,
  );
  try {
    for (const work of chosen) {
      const result = await measureWork(work, {
        scratch,
        quick: values.quick,
        load: (asked) => generator.run(asked),
      });
      works.push(result);
      console.log(`${workTable(result)}\n`);
    }
  } finally {
    generator.stop();
    rmSync(scratch, { recursive: true, force: true });
  }
  write({ at, machine: facts, works });
  if (values.check) hold(works);
}

/** A part or a quick run does not take the place of what is published. */
function write(results: Results): void {
  const name = values.quick || values.only.length > 0 ? 'partial' : 'results';
  writeFileSync(join(__dirname, `${name}.json`), `${JSON.stringify(results, undefined, 2)}\n`);
  writeFileSync(join(__dirname, `${name}.svg`), svg(results));
  console.log(`written: bench/${name}.json, bench/${name}.svg`);
}

function hold(works: readonly WorkResult[]): void {
  const floors = JSON.parse(readFileSync(join(__dirname, 'floors.json'), 'utf8')) as Floor[];
  const { broken, unmeasured } = checkFloors(works, floors);
  for (const line of [...unmeasured, ...broken]) console.log(line);
  console.log(`${broken.length} of ${floors.length - unmeasured.length} floors broken`);
  if (broken.length > 0) process.exitCode = 1;
}
