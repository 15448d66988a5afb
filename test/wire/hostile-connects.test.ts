import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { bytesOf, type CorpusCase, outcomeOf, readCorpus, shown } from '../support/corpus';
import { HostileTest, Problems, readResponses } from '../support/hostile';
import { sharedAuthorityFolder } from '../support/temp';
import { stopProxies } from '../support/wire';

const CASES = readCorpus('connects.txt');
const files = () => readdirSync(sharedAuthorityFolder(), { recursive: true, encoding: 'utf8' }).sort();

describe('hostile CONNECTs', () => {
  after(stopProxies);

  for (const mode of ['regular', 'reverse'] as const) {
    describe(`in ${mode} mode`, () => {
      let test: HostileTest;
      let filesBefore: string[];

      before(async () => {
        test = await HostileTest.start(mode);
        filesBefore = files();
      });
      after(() => test.stop());

      for (const section of new Set(CASES.map((one) => one.section))) {
        it(section, async () => {
          const problems: string[] = [];
          for (const one of CASES.filter((other) => other.section === section)) {
            test.clear();
            problems.push(...(await judge(one, test)));
          }
          if (problems.length > 0) assert.fail(problems.join('\n'));
        });
      }

      it('contact nobody, touch no file, leave nothing behind, and no warning', async () => {
        await test.settled();
        assert.deepEqual([...test.proxy.proxy.contacted], [`127.0.0.1:${test.origin.port}`], 'the witness');
        assert.deepEqual(files(), filesBefore);
        assert.deepEqual(test.proxy.warnings, []);
      });
    });
  }
});

/** Runs one case and says what is wrong with what came of it. */
async function judge(one: CorpusCase, test: HostileTest): Promise<string[]> {
  const values = test.values(one);
  const outcome = outcomeOf(one, test.mode);
  const sent = bytesOf(one.bytes, values);
  const client = await test.proxy.open();
  const problems = new Problems();
  try {
    if (outcome === 'opened') {
      const text = await client.send(sent).until(/\r\n\r\n/);
      problems.compare('the client got', text, 'HTTP/1.1 200 Connection established\r\n\r\n');
    } else {
      client.send(sent + bytesOf('{next}', values));
      const { responses, rest, ended } = await readResponses(client, ['CONNECT'], 0);
      const statuses = responses.map(({ start }) => `refused ${start[1]}`);
      problems.compare('the client got', [statuses, rest, ended], [[outcome], '', true]);
    }
    await test.witness();
    problems.compare('upstream got', test.arrived(), []);
    problems.compare('recorded is', test.written(), []);
  } catch (error) {
    problems.add((error as Error).message);
  } finally {
    client.close();
  }
  return problems.report(`${one.place} ${one.name} (${test.mode}): ${outcome}`, [
    `sent ${shown(sent)}`,
    `got ${shown(client.received)}`,
  ]);
}
