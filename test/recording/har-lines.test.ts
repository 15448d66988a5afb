import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { openHar } from '../../src/recording/har-reader';
import { entry, scratch } from './har-samples';

describe('reading a HAR line by line', () => {
  const at = scratch();
  const HEAD = '{"log":{"version":"1.2","entries":[';
  const line = (path: string): string => JSON.stringify(entry({ request: { url: `http://h/${path}` } }));

  async function paths(text: string): Promise<{ paths: string[]; warnings: readonly string[] }> {
    writeFileSync(at('x.har'), text);
    const recording = await openHar(at('x.har'));
    for (const one of recording.flows) assert.equal(one.response?.body.bytesSync().toString(), 'ok');
    recording.close();
    return { paths: recording.flows.map((f) => f.request.path), warnings: recording.warnings };
  }

  it('takes what editors do to a file', async () => {
    const expected = { paths: ['/1', '/2'], warnings: [] };
    const [one, two] = [line('1'), line('2')];
    assert.deepEqual(await paths(`${HEAD}\n${one},\n${two}\n]}}\n`), expected);
    assert.deepEqual(await paths(`\ufeff${HEAD}\r\n${one},\r\n\r\n  ${two},\r\n]}}`), expected);
    assert.deepEqual(await paths(`${HEAD}\n${one},\n${two}\n],"pages":[]}}\n`), expected);
    assert.deepEqual(
      await paths(`${HEAD}\n${JSON.stringify(JSON.parse(one), null, 2)},\n${two}]}}\n`),
      expected,
    );
    assert.deepEqual(await paths(`${HEAD}\n]}}\n`), { paths: [], warnings: [] });
  });

  it('drops a torn end with a word', async () => {
    const { paths: seen, warnings } = await paths(`${HEAD}\n${line('1')},\n${line('2').slice(0, 100)}`);
    assert.deepEqual(seen, ['/1']);
    assert.match(
      warnings[0]!,
      /x\.har: entry 2 \(line 3\) is cut off, as by a killed writer; its 100 bytes are dropped, the flow before it is used$/,
    );
    assert.equal(warnings.length, 1);
  });

  it('refuses what is cut off before its first entry ends', async () => {
    for (const cut of ['\n', `\n${line('1').slice(0, 100)}`]) {
      await assert.rejects(paths(HEAD + cut), {
        name: 'RecordingError',
        message: /x\.har is cut off and has not one whole flow; copy it again, or record it anew$/,
      });
    }
  });

  it('takes the last entry with the closing brackets behind it, whether or not the line ends', async () => {
    for (const end of ['', '\n']) {
      const whole = await paths(`${HEAD}\n${line('1')},\n${line('2')}]}}${end}`);
      assert.deepEqual(whole, { paths: ['/1', '/2'], warnings: [] });
    }
  });
});
