import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { LintFlags } from '../../src/cli/lint';
import { compiledCopy } from '../support/compiled-copy';

const SHOP = resolve(__dirname, '../../examples/recordings/shop.har');
const entries = readFileSync(SHOP, 'utf8')
  .split('\n')
  .filter((line) => line.startsWith('{"startedDateTime"'))
  .map((line) => line.replace(/,$/, ''));

/** Runs `lint()` in a process of its own, since it writes to standard output; a shell command may read that. */
function lint(path: string, flags: LintFlags = {}, reader?: string) {
  const file = join(compiledCopy(), 'dist/src/cli/lint.js');
  const script = `
    require(${JSON.stringify(file)}).lint(${JSON.stringify(path)}, ${JSON.stringify(flags)}).then(
      (code) => { process.stderr.write('exit ' + code); process.exitCode = code; },
      (error) => { process.stderr.write(error.name + ': ' + error.message); process.exitCode = 99; },
    );`;
  const run = `"$0" -e "$1"${reader === undefined ? '' : ` | ${reader}`}`;
  const { status, stdout, stderr } = spawnSync('sh', ['-c', run, process.execPath, script], {
    cwd: folder,
    encoding: 'utf8',
    timeout: 8_000,
  });
  return { code: status, out: stdout, err: stderr };
}

let folder: string;

function written(name: string, lines: readonly string[]): string {
  writeFileSync(join(folder, name), `{"log":{"version":"1.2","entries":[\n${lines.join(',\n')}\n]}}`);
  return name;
}

describe('replay lint', function () {
  this.timeout(20_000);
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'replay-lint-'));
    copyFileSync(SHOP, join(folder, 'shop.har'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('goes by the rules of the config, and by --ignore', () => {
    const kinds = (flags: LintFlags) =>
      [...lint('shop.har', flags).out.matchAll(/^(answers|volatile): /gm)].map(([, kind]) => kind);
    assert.deepEqual(kinds({}), ['answers', 'volatile', 'volatile']);
    assert.deepEqual(kinds({ ignore: ['query._', 'body'] }), ['answers']);
    writeFileSync(
      join(folder, 'lint.json'),
      '{"replay":{"ignore":["query._"],"rules":[{"match":{"path":"/poll"},"reuse":"cycle"},{"match":{"method":"POST"},"ignore":["body.at"]}]}}',
    );
    assert.deepEqual(kinds({ config: 'lint.json' }), []);
  });

  it('pastes settings only, not what else is said', () => {
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const token = `${part({ alg: 'HS256' })}.${part({ exp: 1795347470 })}.c2lnbmF0dXJlLXNpZ25hdHVyZQ`;
    const entry = JSON.parse(entries[1]!) as { response: { content: { text: string } } };
    entry.response.content.text = JSON.stringify({ access: token });
    const { out } = lint(
      written('jwt.har', [JSON.stringify(entry).replaceAll('text/css', 'application/json')]),
    );
    assert.match(out, /\nto clean it: replay convert jwt\.har clean\.har (?:--redact [\w.-]+ ?)+\n$/);
  });

  it('has a block a finding, and counts them', () => {
    const { code, out, err } = lint('shop.har');
    assert.deepEqual([code, err], [1, 'exit 1']);
    assert.match(
      out,
      /^answers: #7 #8 #9 GET http:\/\/shop\.example\/poll has different answers to equal requests\n {4}they /,
    );
    assert.match(
      out,
      /\nsecrets: #2 #3 #4 #5 #6 … header\.cookie holds cookies\n {4}--redact header\.cookie\n/,
    );
    assert.match(out, /\nvolatile: #5 query\._ holds a timestamp\n {4}--ignore query\._\n/);
    assert.match(
      out,
      /\n\d findings in 9 entries\nwhen it is replayed: --ignore query\._ --ignore body\.at\nto clean it: replay convert shop\.har clean\.har --redact response\.header\.set-cookie --redact header\.cookie\n$/,
    );
    assert.doesNotMatch(out, /abc123/);
  });

  it('has one line of JSON a finding', () => {
    const { code, out } = lint('shop.har', { json: true });
    const findings = out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { kind: string; numbers: number[] });
    assert.equal(code, 1);
    assert.deepEqual(findings[0], {
      kind: 'answers',
      numbers: [7, 8, 9],
      place: 'GET http://shop.example/poll',
      what: 'has different answers to equal requests',
      suggestion: 'they answer in recorded order, each once: keep --reuse never for them',
    });
    assert.ok(findings.some(({ kind, numbers }) => kind === 'secrets' && numbers.length > 5));
  });

  it('says that nothing was found', () => {
    const sound = entries[6]!.replace('session=abc123; ', '');
    assert.deepEqual(lint(written('sound.har', [sound])), {
      code: 0,
      out: 'nothing found in 1 entry\n',
      err: 'exit 0',
    });
    assert.equal(lint('sound.har', { json: true }).out, '');
    writeFileSync(join(folder, 'empty.har'), '');
    assert.deepEqual(lint('empty.har'), {
      code: 0,
      out: 'nothing found in 0 entries\n',
      err: 'replay: recording empty.har: is empty\nexit 0',
    });
  });

  it('ends with 2 when something could not be read', () => {
    const { code, out, err } = lint(written('broken.har', [entries[6]!, '{"request":1}']));
    assert.equal(code, 2);
    assert.match(err, /^replay: recording broken\.har: [^\n]+\nexit 2$/);
    assert.match(out, /in 1 entry$/m);
    const missing = lint('missing.har');
    assert.equal(missing.code, 99);
    assert.match(missing.err, /^RecordingError: [^\n]*missing\.har/);
  });

  it('escapes what could move the cursor', () => {
    const hostile = entries[4]!.replaceAll('"_"', '"\\u001b[2Jtoken"').replaceAll('&_=', '&%1b[2Jtoken=');
    const { out } = lint(written('hostile.har', [hostile]));
    assert.match(out, /query\.\\x1b\[2Jtoken holds/);
    // eslint-disable-next-line no-control-regex -- none may be there
    assert.doesNotMatch(out, /\x1b/);
  });

  it('does not mind a reader that has seen enough', () => {
    const many = Array.from({ length: 3000 }, (_, i) =>
      entries[4]!.replaceAll('&_=', `&x${i}_token=a1b2c3d4e5&_=`),
    );
    const { out, err } = lint(written('many.har', many), {}, 'head -n 1');
    assert.equal(out.split('\n').length, 2);
    assert.match(err, /^exit 1$/);
  });
});
