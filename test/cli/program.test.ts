import assert from 'node:assert/strict';
import { Project } from '../config/project';
import { replay } from './command';

const FILES = {
  'key.ts': `export default { replay: { resue: 'hold' } };`,
  'value.json': '{"replay":{"reuse":"nevr"}}',
  'syntax.ts': 'export default { name: ;',
  'no-apply.ts': `export default { name: 'Mine' };`,
  'throws.ts': `throw new RangeError('boom\\nbang');`,
  'no.har': '{"log":\n  {"entries": [}}',
  'no.txt': 'hello',
};

const CASES: [title: string, args: string[], line: RegExp][] = [
  [
    'an unknown key',
    ['-c', 'key.ts'],
    /^key\.ts: replay\.resue is no setting; did you mean replay\.reuse\?$/,
  ],
  [
    'a wrong value in the config',
    ['-c', 'value.json'],
    /^value\.json: replay\.reuse is 'nevr', but must be never, .* or cycle; did you mean never\?$/,
  ],
  [
    'a wrong value of a flag',
    ['--port', '99999'],
    /^--port is 99999, but must be a whole number from 0 to 65535$/,
  ],
  ['a misspelt flag', ['--prot', '80'], /^unknown option '--prot'; did you mean --port\?$/],
  ['a misspelt command', ['shwo', 'no.har'], /^there is no command shwo; did you mean show\?$/],
  [
    'a file for a command',
    ['no.har'],
    /^there is no command no\.har; to replay a recording: replay -S no\.har$/,
  ],
  [
    'flags at odds',
    ['-k', '--unmatched', '404'],
    /'-k, --kill' cannot be used with option '--unmatched <what>'/,
  ],
  ['a missing config', ['-c', 'nope.ts'], /^nope\.ts: no such file$/],
  ['an addon with a syntax error', ['--addon', 'syntax.ts'], /^syntax\.ts:1:24: /],
  [
    'an addon without apply',
    ['--addon', 'no-apply.ts'],
    /^no-apply\.ts is no addon: it has no apply\(proxy\)/,
  ],
  [
    'an addon that throws',
    ['--addon', 'throws.ts'],
    /^throws\.ts: threw while it was loaded: RangeError: boom$/,
  ],
  [
    'a missing recording',
    ['-p', '0', '-S', 'nope.har'],
    /^recording nope\.har: no such file; check its name/,
  ],
  [
    'a name that no facet can have',
    ['-p', '0', '--ignore', 'foo.bar'],
    /^ignored name "foo\.bar" is no facet; names begin with scheme, method, host, port, path, query\., header\. or body$/m,
  ],
  ['a broken HAR', ['-p', '0', '-S', 'no.har'], /^recording no\.har is no HAR: line 2, column 16: /],
  ['what is no recording', ['-p', '0', '-S', 'no.txt'], /^recording no\.txt: is neither a HAR nor/],
  [
    'a recording over its source',
    ['-S', 'no.har', '-w', './no.har'],
    /cannot be recorded to while it is replayed/,
  ],
  ['a missing exchange', ['show', 'no.txt', '3'], /^recording no\.txt: is neither a HAR nor/],
];

describe('bad input on the command line', function () {
  this.timeout(20_000);
  let project: Project;
  before(() => void (project = new Project(FILES)));
  after(() => project.remove());

  for (const [title, args, line] of CASES) {
    it(`${title}: one line, exit code 2`, () => {
      const { code, out, err } = replay(project.folder, ...args);
      assert.equal(out, '');
      assert.match(err, /^replay: [^\n]+\n$/);
      assert.match(err.slice('replay: '.length).trimEnd(), line);
      assert.equal(code, 2);
    });
  }

  it('with -v, where it was found', () => {
    const { code, err } = replay(project.folder, '-v', '--addon', 'throws.ts');
    assert.match(err, /^replay: throws\.ts[^\n]+\n[^]*throws\.ts:1/);
    assert.equal(code, 2);
  });
});
