import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Addon,
  Body,
  HttpRequest,
  HttpResponse,
  openRecording,
  type RecordedFlow,
  Recorder,
  type RecorderOptions,
  respond,
  UpstreamError,
} from 'replay-proxy';
import { fakeProxy } from '../../support/addons';
import { streamOf } from '../../support/exchange';

describe('Recorder', () => {
  const folder = mkdtempSync(join(tmpdir(), 'recorder-test-'));
  after(() => rmSync(folder, { recursive: true }));
  let files = 0;

  /** A started proxy that records into a new file; `flows()` stops it and reads the file. */
  async function recording(
    options: Partial<RecorderOptions> = {},
    upstream?: Parameters<typeof fakeProxy>[1],
    more: Addon[] = [],
  ) {
    const to = options.to ?? join(folder, `${++files}.har`);
    const recorder = new Recorder({ to, warn: () => {}, ...options });
    const fake = fakeProxy([...more, recorder], upstream);
    await fake.hooks.start.promise();
    const flows = async (): Promise<readonly RecordedFlow[]> => {
      await fake.hooks.stop.promise();
      return (await openRecording(to)).flows;
    };
    return { ...fake, to, recorder, flows };
  }

  it('writes forwarded flows, failed ones too, but neither answered nor killed ones', async () => {
    let up = true;
    const { run, hooks, flows, recorder } = await recording({}, () => {
      if (!up) throw new UpstreamError('shop.example:80 refused the connection');
      return HttpResponse.text(200, 'live');
    });
    hooks.request.tap(
      'Answer',
      ({ request }) => request.path === '/here' && respond(HttpResponse.text(200, 'here')),
    );
    await run('http://shop.example/one');
    await run('http://shop.example/here');
    up = false;
    await run('http://shop.example/two');
    assert.equal(recorder.written, 2);
    const [one, two] = await flows();
    assert.equal(one?.request.url, 'http://shop.example/one');
    assert.equal(await one?.response?.body.text(), 'live\n');
    assert.equal(two?.response, undefined);
    assert.match(two?.error ?? '', /refused the connection/);
  });

  it('has a flow on disk before the client sees its end, streamed or not', async () => {
    for (const type of ['text/plain', 'text/event-stream']) {
      const upstream = () => {
        const response = new HttpResponse({ headers: { 'content-type': type } });
        response.body = streamOf('one', 'two');
        return response;
      };
      const { run, to, flows } = await recording({ now: () => 5_000 }, upstream);
      const { client } = await run();
      assert.equal(client.seen.at(-1), 'end');
      const { flows: onDisk } = await openRecording(to);
      assert.equal(await onDisk[0]?.response?.body.text(), 'onetwo', type);
      assert.equal(onDisk[0]?.response?.endedAt, type === 'text/plain' ? undefined : 5_000);
      assert.equal((await flows()).length, 1);
      assert.equal(statSync(to).mode & 0o777, 0o600);
    }
  });

  it('keeps what came of a response that was cut short, marked', async () => {
    const { run, flows } = await recording({}, () => {
      const response = new HttpResponse({ headers: { 'content-type': 'text/event-stream' } });
      response.body = streamOf('half', new UpstreamError('cut'));
      return response;
    });
    await run();
    const [flow] = await flows();
    assert.equal(flow?.incomplete, true);
  });

  it('takes conditions out of what upstream sees, unless told not to', async () => {
    const conditional = () =>
      HttpRequest.to('http://shop.example/', { headers: { 'If-None-Match': '"x"', Host: 'shop.example' } });
    const fresh = await recording();
    await fresh.run(conditional());
    assert.equal(fresh.sent[0]?.headers.has('if-none-match'), false);
    assert.equal((await fresh.flows())[0]?.request.headers.get('if-none-match'), '"x"');
    const stale = await recording({ fresh: false });
    await stale.run(conditional());
    assert.equal(stale.sent[0]?.headers.get('if-none-match'), '"x"');
    await stale.flows();
  });

  it('yields: `accept` leaves flows out, `capture` changes what is written, and ends its flow unwritten when it throws', async () => {
    const { run, proxy, flows } = await recording();
    Recorder.hooks(proxy).accept.tap('NoImages', ({ request }) => !request.path.endsWith('.png'));
    Recorder.hooks(proxy).capture.tap('Redact', (recorded) => {
      if (recorded.request.path === '/secret') throw new Error('not this one');
      const response = recorded.response!.clone();
      response.headers.set('content-type', 'x/redacted');
      return { ...recorded, response };
    });
    const { client } = await run('http://shop.example/');
    await run('http://shop.example/a.png');
    const refused = await run('http://shop.example/secret');
    assert.equal(client.response?.headers.get('content-type'), 'text/plain; charset=utf-8');
    assert.equal(refused.client.response?.status, 502);
    const written = await flows();
    assert.equal(written.length, 1);
    assert.equal(written[0]?.response?.headers.get('content-type'), 'x/redacted');
  });

  it('goes on with a file', async () => {
    const first = await recording();
    await first.run('http://shop.example/one');
    await first.hooks.stop.promise();
    const second = await recording({ to: first.to, append: true });
    await second.run('http://shop.example/two');
    assert.deepEqual(
      (await second.flows()).map(({ request }) => request.path),
      ['/one', '/two'],
    );
  });

  it('ends only the flow that cannot be recorded, with 502', async () => {
    const warnings: string[] = [];
    for (const to of ['bad.har', 'bad.mitm']) {
      const bad: Record<string, (recorded: RecordedFlow) => unknown> = {
        '/no-request': (recorded) => ({ ...recorded, request: { path: '/' } }),
        '/no-response': (recorded) => ({ ...recorded, response: { status: 200 } }),
        '/no-headers': (recorded) => ({
          ...recorded,
          request: Object.assign(recorded.request.clone(), { headers: {} }),
        }),
        '/gone': (recorded) => {
          const request = recorded.request.clone();
          request.body = Body.file({ length: 3, read: () => assert.fail('gone') });
          return { ...recorded, request };
        },
      };
      const { run, proxy, flows } = await recording({
        to: join(folder, to),
        warn: (line) => warnings.push(line),
      });
      Recorder.hooks(proxy).capture.tap(
        'Careless',
        (recorded) => bad[recorded.request.path]?.(recorded) as RecordedFlow,
      );
      for (const path of Object.keys(bad)) {
        const { client } = await run(`http://shop.example${path}`);
        assert.equal(client.response?.status, 502, path);
      }
      const { client } = await run('http://shop.example/good');
      assert.equal(client.response?.status, 200);
      assert.deepEqual(
        (await flows()).map(({ request }) => request.path),
        ['/good'],
      );
    }
    assert.deepEqual(warnings, []);
  });

  it('ends the flow with 502 when the file cannot be written, and later ones with 503, saying why once', async () => {
    const full = new Recorder({ to: join(folder, 'gone', 'x.har') });
    await assert.rejects(async () => fakeProxy([full]).hooks.start.promise(), /x\.har/);
    const warnings: string[] = [];
    const { run, to, sent } = await recording({ warn: (line) => warnings.push(line) }, () =>
      HttpResponse.text(200, 'x'.repeat(2 ** 20)),
    );
    // A large body goes into a folder of this name.
    writeFileSync(`${to}.bodies`, 'no folder');
    const first = await run();
    const second = await run();
    assert.equal(first.client.response?.status, 502);
    assert.equal(second.client.response?.status, 503);
    assert.equal(sent.length, 1);
    assert.equal(warnings.length, 1);
    assert.match(warnings[0]!, /nothing more is recorded, .*a flow could not be written \(EEXIST/);
  });

  it('redacts before any tap sees an exchange, tells when it is in the file, and marks its flow', async () => {
    const { run, flows, proxy } = await recording(
      { redact: ['query.token', 'response.header.x-secret'] },
      () => new HttpResponse({ headers: { 'X-Secret': 's' } }),
    );
    const seen: string[] = [];
    Recorder.hooks(proxy).capture.tap('See', ({ request }) => void seen.push(`capture ${request.path}`));
    Recorder.hooks(proxy).written.tap(
      'See',
      ({ request }, { id }) => void seen.push(`written ${request.path} ${id}`),
    );
    const { flow } = await run('http://shop.example/?token=t');
    assert.deepEqual(seen, ['capture /?token=redacted', 'written /?token=redacted 1']);
    assert.deepEqual(flow.notes, ['recorded']);
    const [recorded] = await flows();
    assert.deepEqual(recorded?.redacted, ['query.token', 'response.header.x-secret']);
    assert.equal(recorded?.response?.headers.get('x-secret'), 'redacted');
  });

  it('refuses names that cannot be redacted', () => {
    assert.throws(() => new Recorder({ to: 'a.har', redact: ['host'] }), { code: 'ERR_CONFIG' });
  });

  it('numbers what it adds behind what there is', async () => {
    const numbers: number[] = [];
    for (const file of ['on.har', 'on.mitm']) {
      const to = join(folder, file);
      for (let run = 0; run < 2; run += 1) {
        const { run: ask, hooks, proxy } = await recording({ to, append: true });
        Recorder.hooks(proxy).written.tap('See', ({ number }) => void numbers.push(number));
        await ask();
        await ask();
        await hooks.stop.promise();
      }
    }
    assert.deepEqual(numbers, [1, 2, 3, 4, 1, 2, 3, 4]);
  });

  it('only tells what a tap of `written` throws or promises', async () => {
    const lines: string[] = [];
    const { run, proxy, flows } = await recording({ warn: (line) => lines.push(line) });
    const { written } = Recorder.hooks(proxy);
    written.tap('Throw', ({ request }) => {
      if (request.path === '/throw') throw new Error('no');
    });
    written.tap('Promise', (async () => {}) as never);
    assert.equal((await run('http://shop.example/throw')).client.response?.status, 200);
    assert.equal((await run('http://shop.example/')).client.response?.status, 200);
    assert.deepEqual(lines, [
      'addon Throw, hook Recorder.written: no',
      'addon Promise, hook Recorder.written: returned a promise, but this hook is synchronous, instead of nothing',
    ]);
    assert.equal((await flows()).length, 2);
  });
});
