import assert from 'node:assert/strict';
import { checkConfig } from '../../src/config/check-config';

const PORT = 'a whole number from 0 to 65535';
const ADDON =
  'a file name, a function (proxy) => {…}, an addon { name, apply(proxy) {…} } or a list of these';

const WRONG: [values: unknown, line: string][] = [
  [{ replay: { resue: 'hold' } }, 'FILE: replay.resue is no setting; did you mean replay.reuse?'],
  [{ replya: {} }, 'FILE: replya is no setting; did you mean replay?'],
  [{ port: 80 }, 'FILE: port is no setting; did you mean listen.port?'],
  [{ prot: 80 }, 'FILE: prot is no setting; did you mean listen.port?'],
  [{ mode: { xyz: 1 } }, 'FILE: mode.xyz is no setting; known are reverse, keepHost'],
  [JSON.parse('{"__proto__":{"x":1}}'), 'FILE: __proto__ is no setting; known are listen, mode,'],
  [
    { replay: { reuse: 'nevr' } },
    "FILE: replay.reuse is 'nevr', but must be never, first, last, hold or cycle; did you mean never?",
  ],
  [{ replay: { speed: -1 } }, 'FILE: replay.speed is -1, but must be a number, 0 or above'],
  [{ replay: { speed: 'fast' } }, "FILE: replay.speed is 'fast', but must be a number, 0 or above"],
  [{ replay: { speed: Infinity } }, 'FILE: replay.speed is Infinity, but must be a number, 0 or above'],
  [{ replay: { reuse: 3 } }, 'FILE: replay.reuse is 3, but must be never, first, last, hold or cycle'],
  [{ replay: { from: 'a.har' } }, "FILE: replay.from is 'a.har', but must be a list of file names"],
  [{ replay: { from: ['a.har', ''] } }, "FILE: replay.from[1] is '', but must be a file name"],
  [{ replay: { headers: ['a b'] } }, "FILE: replay.headers[0] is 'a b', but must be a header name"],
  [{ replay: { ignore: ['a', ''] } }, "FILE: replay.ignore[1] is '', but must be a facet name"],
  [{ replay: [] }, 'FILE: replay is [], but must be an object'],
  [{ listen: { port: '80' } }, `FILE: listen.port is '80', but must be ${PORT}`],
  [{ listen: { port: 1.5 } }, `FILE: listen.port is 1.5, but must be ${PORT}`],
  [{ listen: { port: 65536 } }, `FILE: listen.port is 65536, but must be ${PORT}`],
  [
    { unmatched: 'kil' },
    "FILE: unmatched is 'kil', but must be forward, kill or a status from 200 to 599; did you mean kill?",
  ],
  [{ unmatched: 101 }, 'FILE: unmatched is 101, but must be forward, kill or a status from 200 to 599'],
  [
    { unmatched: [{ verdict: 'kil' }] },
    "FILE: unmatched[0].verdict is 'kil', but must be forward, kill or a status from 200 to 599",
  ],
  [
    { unmatched: [{ match: { host: 'x' } }] },
    'FILE: unmatched[0].verdict is undefined, but must be forward, kill or a status from 200 to 599',
  ],
  [{ unmatched: [{ verdict: 204, math: {} }] }, 'FILE: unmatched[0].math is no setting'],
  [
    { replay: { rules: [{ macth: {} }] } },
    'FILE: replay.rules[0].macth is no setting; did you mean replay.rules[].match?',
  ],
  [
    { replay: { rules: [{ match: { pth: '/' } }] } },
    "FILE: replay.rules[0].match is { pth: '/' }, but must be an object with method, host and path (texts, * for any; a path begins with / or * and has no query), or a function (request) => boolean",
  ],
  [{ sessions: 'yes' }, "FILE: sessions is 'yes', but must be true, false or required"],
  [
    { record: { mode: 'onec' } },
    "FILE: record.mode is 'onec', but must be all, missing or once; did you mean once?",
  ],
  [
    { failOn: ['missd'] },
    "FILE: failOn[0] is 'missd', but must be missed, unused, forwarded, refused, killed or failed; did you mean missed?",
  ],
  [{ refresh: 'yes' }, "FILE: refresh is 'yes', but must be true or false"],
  [{ refresh: null }, 'FILE: refresh is null, but must be true or false'],
  [{ record: { to: '+' } }, "FILE: record.to is '+', but must be a file name, or + and a file name"],
  [
    { mode: { reverse: 'shop' } },
    'FILE: mode.reverse: origin "shop" has no scheme; write http:// or https:// before the host',
  ],
  [{ limits: { idle: -1 } }, 'FILE: limits.idle is -1, but must be a whole number above 0'],
  [{ addons: [{ name: 'x' }] }, `FILE: addons[0] is { name: 'x' }, but must be ${ADDON}`],
  [{ addons: [() => {}, 7] }, `FILE: addons[1] is 7, but must be ${ADDON}`],
  [
    { authority: 'x'.repeat(200), hookTimeout: 0 },
    'FILE: hookTimeout is 0, but must be a whole number above 0',
  ],
  ['text', "FILE is 'text', but must be an object of settings, export default defineConfig({…})"],
  [() => ({}), 'FILE is a function, but must be an object of settings, export default defineConfig({…})'],
];

describe('checkConfig', () => {
  const nameSetting = (key: string) => (key === '' ? 'FILE' : `FILE: ${key}`);

  for (const [values, line] of WRONG) {
    it(line, () => {
      assert.throws(
        () => checkConfig(values, nameSetting),
        (error: Error) => {
          assert.equal(error.name, 'ConfigError');
          assert.ok(!error.message.includes('\n'));
          assert.equal(error.message.slice(0, line.length), line);
          return true;
        },
      );
    });
  }

  it('leaves out what is undefined', () => {
    const values = { refresh: undefined, listen: { port: 1, host: undefined }, replay: { reuse: undefined } };
    assert.deepEqual(checkConfig(values, nameSetting), { listen: { port: 1 }, replay: {} });
  });

  it('shows what cannot be shown in JSON, and no more of a text than helps', () => {
    assert.throws(() => checkConfig({ refresh: 10n }, nameSetting), /refresh is 10n, but/);
    const self: Record<string, unknown> = {};
    self['self'] = self;
    assert.throws(() => checkConfig({ refresh: self }, nameSetting), /refresh is [^\n]*Circular[^\n]*, but/);
    assert.throws(
      () => checkConfig({ refresh: 'x'.repeat(1e6) }, nameSetting),
      (error: Error) => error.message.length < 200,
    );
  });
});
