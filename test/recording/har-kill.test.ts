import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { openHar } from '../../src/recording/har-reader';
import { openHarWriter } from '../../src/recording/har-writer';
import { flow, root, scratch } from './har-samples';

/** Writes entries as fast as it can and says which ones it has written. */
const CHILD = `
  require('ts-node/register/transpile-only');
  const { openHarWriter } = require('./src/recording/har-writer.ts');
  const { HttpRequest } = require('./src/http/request.ts');
  const { HttpResponse } = require('./src/http/response.ts');
  const { writeSync } = require('node:fs');
  const [path, from] = process.argv.slice(1);
  const writer = openHarWriter(path, { append: true, version: '0' });
  for (let n = Number(from); ; n++) {
    const body = String(n) + ' ' + 'x'.repeat((n * 7919) % 200_000);
    writer.append({ source: '', number: n, request: HttpRequest.to('http://h/' + n), response: new HttpResponse({ body }) });
    writeSync(1, n + '\\n');
  }
`;

describe('a HAR whose writer is killed', () => {
  const at = scratch();

  it('opens with every entry that was acknowledged, and can be gone on with', async function () {
    this.timeout(60_000);
    const path = at('killed.har');
    let next = 1;
    for (let round = 0; round < 3; round++) {
      const child = spawn(process.execPath, ['-e', CHILD, path, String(next)], {
        cwd: root,
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      let said = '';
      const killAfter = 20 + round * 37;
      for await (const chunk of child.stdout as AsyncIterable<Buffer>) {
        said += chunk.toString();
        if (said.split('\n').length > killAfter) child.kill('SIGKILL');
      }
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
      const acknowledged =
        said.lastIndexOf('\n') < 0
          ? next - 1
          : Number(said.slice(0, said.lastIndexOf('\n')).split('\n').at(-1));

      const recording = await openHar(path);
      assert.ok(recording.flows.length >= acknowledged, `${recording.flows.length} of ${acknowledged}`);
      for (const [i, one] of recording.flows.entries()) {
        assert.equal(one.request.path, `/${i + 1}`);
        assert.ok(
          one.response?.body
            .bytesSync()
            .toString()
            .startsWith(`${i + 1} `),
        );
      }
      next = recording.flows.length + 1;
      recording.close();
    }
    const writer = openHarWriter(path, { append: true, version: '0' });
    writer.append(flow('http://h/end'));
    writer.close();
    const recording = await openHar(path);
    assert.deepEqual([recording.flows.length, recording.flows.at(-1)?.request.path], [next, '/end']);
    recording.close();
  });
});
