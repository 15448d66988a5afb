import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';
import { DEFAULTS, replayOptionsSchema, serverReplaySchema } from '../../../addons/server-replay/options';
import { entry } from '../../support/replay';

describe('options of ServerReplay', () => {
  it('have defaults', () => {
    assert.deepEqual(replayOptionsSchema.parse({}), DEFAULTS);
    assert.deepEqual(serverReplaySchema().parse({}), DEFAULTS);
  });

  it('take files, recordings and flows as they are', () => {
    const flows = [entry('http://h/', '')];
    const recording = { path: 'a.har', format: 'har', flows, warnings: [], close() {} };
    const from = ['shop.har', recording, flows];
    const values = replayOptionsSchema.parse({ from, headers: ['Accept'], ignore: ['port'], reuse: 'hold' });
    assert.deepEqual(values, { ...DEFAULTS, from, headers: ['Accept'], ignore: ['port'], reuse: 'hold' });
    assert.equal(values.from[1], recording);
  });

  for (const [given, message] of [
    [{ reuse: 'always' }, 'option reuse is "always", but must be never, first, last, hold or cycle'],
    [{ speed: -0.5 }, 'option speed is -0.5, but must be a number, 0 or above'],
    [{ ignore: 'port' }, 'option ignore is "port", but must be a list of facet names'],
    [{ ignore: ['a', ''] }, 'option ignore.1 is "", but must be a facet name'],
    [{ headers: ['a b'] }, 'option headers.0 is "a b", but must be a header name'],
    [{ from: [''] }, 'option from.0 is "", but must be a file name, a recording or a list of recorded flows'],
    [
      { from: [null] },
      'option from.0 is null, but must be a file name, a recording or a list of recorded flows',
    ],
    [
      { ignored: [] },
      'option ignored is unknown; there are from, headers, ignore, reuse, speed, rules, sessions',
    ],
    [
      { rules: [{ reus: 'hold' }] },
      'option rules.0.reus is unknown; there are match, headers, ignore, reuse',
    ],
    [
      { rules: [{ match: { pth: '/a' } }] },
      'option rules.0.match is {"pth":"/a"}, but must be an object with method, host and path (texts, * for any; a path begins with / or * and has no query), or a function (request) => boolean',
    ],
  ] as const) {
    it(`are refused in one line: ${JSON.stringify(given)}`, () => {
      assert.throws(() => replayOptionsSchema.parse(given), { code: 'ERR_CONFIG', message });
    });
  }

  it('do not load zod before they are checked', () => {
    const script = `const { ServerReplay } = require('./addons/server-replay/index.ts');
      new ServerReplay({ ignore: ['port'] }).options;
      console.log(Object.keys(require.cache).some((file) => file.includes('node_modules/zod/')));`;
    const args = [
      '--conditions=replay-proxy:source',
      '--require',
      'ts-node/register/transpile-only',
      '-e',
      script,
    ];
    const cwd = resolve(__dirname, '../../..');
    assert.equal(execFileSync(process.execPath, args, { cwd, encoding: 'utf8' }).trim(), 'false');
  }).timeout(20_000);
});
