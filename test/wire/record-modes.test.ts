import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { openRecording, type Report } from 'replay-proxy';
import { Bench } from '../cli/bench';
import { replay } from '../cli/command';
import { RawClient } from '../support/raw-client';
import { answerOf } from '../support/wire';

describe('record modes', function () {
  this.timeout(30_000);
  const bench = new Bench();

  /** Runs `replay` with these arguments, asks for these paths, and gives the bodies (`killed` for none) and the exit code. */
  async function session(
    args: string[],
    paths: string[],
  ): Promise<{ bodies: string[]; code: number | null }> {
    const at = await bench.run(...args);
    const bodies: string[] = [];
    for (const path of paths) {
      const client = await RawClient.open(at);
      client.send(`GET ${bench.origin.url}${path} HTTP/1.1\r\nHost: x\r\n\r\n`);
      bodies.push((await answerOf(client))?.body.toString() ?? 'killed');
      client.close();
    }
    return { bodies, code: await bench.running.stop('SIGTERM') };
  }
  const report = () => JSON.parse(readFileSync(bench.project.path('report.json'), 'utf8')) as Report;
  const counts = async (file: string) => {
    const recording = await openRecording(bench.project.path(file));
    recording.close();
    return recording.flows.length;
  };

  it('once: a suite that runs twice contacts nobody the second time', async () => {
    const paths = ['/a', '/b', '/a'];
    const first = await session(['--record-once', 'suite.har', '-k'], paths);
    assert.equal(first.code, 0);
    assert.ok(bench.origin.connections > 0);
    const { connections } = bench.origin;
    const args = [
      '--record-once',
      'suite.har',
      '--report',
      'report.json',
      '--fail-on',
      'missed,forwarded,unused',
    ];
    const second = await session(args, paths);
    assert.deepEqual(second, { bodies: first.bodies, code: 0 });
    assert.equal(bench.origin.connections, connections);
    assert.deepEqual(report().contacted, []);
    assert.equal(await counts('suite.har'), 3);
    const third = await session(args, ['/a', '/new']);
    assert.deepEqual(third, { bodies: [first.bodies[0]!, 'killed'], code: 1 });
    assert.match(
      bench.running.err,
      /^replay: --fail-on missed: 1 request was missed\nreplay: {3}GET \S+\/new: never recorded/,
    );
    assert.match(bench.running.err, /^replay: --fail-on unused: 2 recorded entries were never used$/m);
    assert.equal(bench.origin.connections, connections);
  });

  for (const file of ['suite.har', 'suite.mitm']) {
    it(`missing: replays what is there, and records into the same file what is not (${file})`, async () => {
      const first = await session(['--record-missing', file], ['/a']);
      const second = await session(['--record-missing', file], ['/a', '/b', '/a', '/big']);
      assert.equal(second.bodies[0], first.bodies[0]);
      assert.notEqual(second.bodies[2], first.bodies[0], 'it answers once');
      assert.match(
        bench.running.out,
        /\n1 answered \(1 refreshed\), 3 forwarded, 3 recorded, 0 killed, 3 missed; 0 of 1 entries left\n$/,
      );
      const seen = bench.origin.seen.length;
      const third = await session(['--record-missing', file, '--offline'], ['/a', '/a', '/b', '/big', '/c']);
      assert.deepEqual(third.bodies, [
        first.bodies[0],
        second.bodies[2],
        second.bodies[1],
        second.bodies[3],
        'killed',
      ]);
      assert.equal(bench.origin.seen.length, seen);
      assert.equal(await counts(file), 4);
    });
  }

  it('missing: an entry recorded in this run counts as used in this run', async () => {
    const { bodies } = await session(
      ['--record-missing', 'a.har', '--reuse', 'hold'],
      ['/a', '/a', '/b', '/a'],
    );
    assert.equal(bodies[1], bodies[0], 'where entries are used again, it answers at once');
    assert.equal(bodies[3], bodies[0]);
    assert.equal(bench.origin.seen.length, 2);
    assert.equal(await counts('a.har'), 2);
  });

  it('missing: a HAR of another layout is gone on with while it is read', async () => {
    await session(['-w', 'a.har'], ['/a']);
    const har = JSON.parse(readFileSync(bench.project.path('a.har'), 'utf8')) as object;
    bench.project.write({ 'a.har': JSON.stringify(har, null, 2) });
    const { bodies } = await session(['--record-missing', 'a.har'], ['/b', '/a']);
    assert.match(bodies[1]!, /^GET \/a \S+ 1$/);
    assert.equal(await counts('a.har'), 2);
  });

  it('redact what they record, which then still matches', async () => {
    const redact = ['--redact', 'query.token'];
    await session(['--record-once', 'a.har', ...redact], ['/a?token=secret&page=1']);
    assert.doesNotMatch(
      readFileSync(bench.project.path('a.har'), 'utf8').replace(/"text":"[^"]*"/, ''),
      /secret/,
    );
    const { bodies } = await session(
      ['--record-once', 'a.har', ...redact],
      ['/a?token=another&page=1', '/a?token=x&page=2'],
    );
    assert.doesNotMatch(bench.running.out, /another/);
    assert.match(bodies[0]!, /^GET \/a/);
    assert.equal(bodies[1], 'killed');
  });

  it('leave a report of what there was when the proxy is killed hard', async () => {
    const at = await bench.run('-k', '--report', 'report.json');
    for (let i = 0; i < 20; i += 1) {
      const client = await RawClient.open(at);
      await client.send(`GET http://h/${i} HTTP/1.1\r\nHost: h\r\n\r\n`).end();
      client.close();
    }
    while (report().counts.killed < 20) await new Promise((resolve) => setTimeout(resolve, 10));
    await bench.running.stop('SIGKILL');
    const { endedAt, killed } = report();
    assert.equal(endedAt, null);
    assert.deepEqual(
      killed.map((flow) => flow.url),
      Array.from({ length: 20 }, (_, i) => `http://h/${i}`),
    );
  });

  it('once: replays strictly whatever rules there are, and records whatever they say', async () => {
    bench.project.write({
      'replay.config.ts': `export default { unmatched: [{ match: { path: '/ads' }, verdict: 204 }, { verdict: 'kill' }] };`,
    });
    const first = await session(['--record-once', 'a.har'], ['/a', '/ads']);
    assert.match(first.bodies[0]!, /^GET \/a /);
    assert.equal(first.bodies[1], '');
    bench.project.write({
      'replay.config.ts': `export default { unmatched: [{ match: { path: '/ads' }, verdict: 204 }] };`,
    });
    const seen = bench.origin.seen.length;
    const second = await session(['--record-once', 'a.har'], ['/a', '/ads', '/other']);
    assert.deepEqual(second.bodies, [first.bodies[0], '', 'killed']);
    assert.equal(bench.origin.seen.length, seen);
  });

  it('once: keeps what cannot answer when it records after all', async () => {
    const failed = await session(['-w', 'a.har'], []);
    assert.equal(failed.code, 0);
    const entry = `{"startedDateTime":"2026-01-01T00:00:00Z","request":{"method":"GET","url":"http://h/","headers":[]},"response":{"status":0,"_error":"refused"}}`;
    const text = readFileSync(bench.project.path('a.har'), 'utf8').replace('[\n]', `[\n${entry}\n]`);
    bench.project.write({ 'a.har': text });
    await session(['--record-once', 'a.har'], ['/a']);
    assert.equal(await counts('a.har'), 2);
  });

  it('missing: the same file by another name is one file', async () => {
    await session(['-w', 'a.har'], ['/a']);
    await session(['--record-missing', 'a.har', '-S', './a.har'], []);
    assert.match(bench.running.out, /^replaying: 1 entry from a\.har$/m);
  });

  it('lose no recording for a report that cannot be written', async () => {
    await session(['-w', 'a.har'], ['/a']);
    const before = readFileSync(bench.project.path('a.har'), 'utf8');
    for (const report of ['none/r.json', 'package.json', 'a.har'])
      assert.equal(
        replay(bench.project.folder, '-p', '0', '-w', 'a.har', '--report', report).code,
        2,
        report,
      );
    assert.equal(readFileSync(bench.project.path('a.har'), 'utf8'), before);
  });

  it('that contradict something are refused in one line', () => {
    bench.project.write({ 'precious.json': '{"a":1}' });
    for (const [args, line] of [
      [['--record-once', 'none.har', '--offline'], /nothing leaves that could be recorded to none\.har/],
      [['-w', 'a.har', '--offline'], /nothing leaves that could be recorded to a\.har/],
      [['--record-missing', 'a.har', '--unmatched', '404'], /record mode missing asks upstream/],
      [['--redact', 'path'], /"path" cannot be redacted/],
      [['-w', 'a.har', '--redact', 'path'], /"path" cannot be redacted/],
      [['--report', 'precious.json'], /holds something else than a report/],
      [['--report', 'none/a.json'], /report none\/a\.json cannot be written/],
      [['--fail-on', 'mist'], /--fail-on is 'mist', but must be missed, unused/],
    ] as const) {
      const { code, err } = replay(bench.project.folder, '-p', '0', ...args);
      assert.equal(code, 2, `${args.join(' ')}: ${err}`);
      assert.match(err, line);
      assert.match(err, /^replay: [^\n]*\n$/);
    }
  });
});
