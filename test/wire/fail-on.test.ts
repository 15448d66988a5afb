import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Report } from 'replay-proxy';
import { Bench } from '../cli/bench';
import { RawClient } from '../support/raw-client';

const SHOP = resolve(__dirname, '../../examples/recordings/shop.har');

describe('--fail-on', function () {
  this.timeout(30_000);
  const bench = new Bench();

  /** A run that is asked for these URLs; its exit code and its report. */
  async function run(args: string[], urls: string[]): Promise<{ code: number | null; report: Report }> {
    const at = await bench.run('--report', 'report.json', ...args);
    for (const url of urls) {
      const client = await RawClient.open(at);
      await client.send(`GET ${url} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`).end();
      client.close();
    }
    const code = await bench.running.stop('SIGINT');
    return { code, report: JSON.parse(readFileSync(bench.project.path('report.json'), 'utf8')) as Report };
  }

  const live = () => `${bench.origin.url}/live`;
  const dead = 'http://127.0.0.1:1/';
  const recorded = 'http://shop.example/';
  const cases: [
    word: 'missed' | 'unused' | 'forwarded' | 'killed' | 'failed',
    args: string[],
    url: () => string,
  ][] = [
    ['missed', ['-S', SHOP, '-k'], () => `${recorded}?x`],
    ['unused', ['-S', SHOP], () => recorded],
    ['forwarded', [], live],
    ['forwarded', [], () => dead],
    ['killed', ['-k'], () => recorded],
    ['failed', [], () => dead],
  ];
  for (const [word, args, url] of cases) {
    it(`${word} ends with exit code 1 for ${args.join(' ').replace(SHOP, 'shop.har') || 'a plain proxy'}, and names the guilty`, async () => {
      const { code, report } = await run([...args, '--fail-on', word], [url()]);
      assert.equal(code, 1, bench.running.err);
      assert.match(bench.running.err, new RegExp(`^replay: --fail-on ${word}: \\d`, 'm'));
      assert.ok(report.counts[word] > 0);
      if (word === 'unused') assert.equal(report.unused.length, 8);
      else assert.equal(report[word][0]?.url, url());
    });
  }

  it('of all words ends with 0 when there is nothing of them', async () => {
    const words = 'missed,forwarded,killed,failed';
    const { code, report } = await run(['-S', SHOP, '--fail-on', words], [recorded]);
    assert.equal(code, 0, bench.running.err);
    assert.equal(report.counts.answered, 1);
    assert.equal(bench.running.err, '');
  });

  it('ends with 0 without it, whatever there was', async () => {
    assert.equal((await run(['-S', SHOP, '-k'], [`${recorded}?x`])).code, 0);
  });
});
