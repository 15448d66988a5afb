import assert from 'node:assert/strict';
import { HttpResponse, kill, respond, ServerReplay } from 'replay-proxy';
import { entry, postJson, replaying, requestOf } from '../../support/replay';

const URL = 'http://shop.example/';
const three = () => ['a', 'b', 'c'].map((text) => entry(URL, text));

async function asked(ask: (url: string) => Promise<string>, times: number, url = URL): Promise<string> {
  const answers: string[] = [];
  for (let i = 0; i < times; i += 1) answers.push(await ask(url));
  return answers.join(' ');
}

describe('ServerReplay', () => {
  it('answers from the recording without contacting upstream, then lets requests through', async () => {
    const { ask, sent, run, addon } = await replaying(three());
    const { flow } = await run(requestOf(URL));
    assert.equal(flow.outcome, 'replayed');
    assert.equal(flow.recorded?.source, 'shop.har');
    assert.deepEqual([addon.entries.length, addon.remaining], [3, 2]);
    assert.equal(await asked(ask, 2), 'b c');
    assert.equal(sent.length, 0);
    assert.equal(await asked(ask, 1), 'live');
    assert.equal(addon.remaining, 0);
  });

  for (const [reuse, answers] of [
    ['never', 'a b c live live'],
    ['first', 'a a a a a'],
    ['last', 'c c c c c'],
    ['hold', 'a b c c c'],
    ['cycle', 'a b c a b'],
  ] as const) {
    it(`with reuse ${reuse} answers ${answers}`, async () => {
      const { ask } = await replaying(three(), { reuse });
      assert.equal(await asked(ask, 5), answers);
    });
  }

  it('gives two equal requests at once two entries, in order', async () => {
    const { ask } = await replaying(three());
    assert.deepEqual(await Promise.all([ask(URL), ask(URL), ask(URL), ask(URL)]), ['a', 'b', 'c', 'live']);
  });

  it('takes several recordings one after the other', async () => {
    const { ask } = await replaying([], { from: [[entry(URL, 'a')], [entry(URL, 'b')]] });
    assert.equal(await asked(ask, 3), 'a b live');
  });

  it('passes over entries that cannot answer, and says so', async () => {
    const flows = [entry(URL, 'a', { number: 1, incomplete: true }), entry(URL, 'b', { number: 2 })];
    const { ask, lines, addon } = await replaying(flows);
    assert.equal(await asked(ask, 2), 'b live');
    assert.deepEqual(lines, ['recording in memory: 1 of 2 entries cannot answer: 1 cut short (#1)']);
    assert.equal(addon.entries.length, 1);
  });

  it('passes over a 304 and a 206 that say nothing to the client, and keeps them for those they answer', async () => {
    const { ask } = await replaying([
      entry(requestOf(URL, { 'if-none-match': '"a"' }), 'not modified', { answer: { status: 304 } }),
      entry(requestOf(URL, { range: 'bytes=0-3' }), 'part', { answer: { status: 206 } }),
      entry(URL, 'whole'),
    ]);
    assert.equal(await ask(URL), 'whole');
    assert.equal(await ask(URL), 'live');
    assert.equal(await ask(requestOf(URL, { range: 'bytes=0-3' })), 'part');
    assert.equal(await ask(requestOf(URL, { 'if-modified-since': 'x' })), 'not modified');
  });

  it('says why nothing answers, and only then', async () => {
    const { run } = await replaying([entry(URL, '', { number: 3, answer: { status: 304 } })]);
    const { flow } = await run(URL);
    assert.equal(flow.miss?.reason, 'no candidate');
    assert.match(flow.miss?.unfit[0]?.why ?? '', /a recorded 304 answers conditional requests only/);
    assert.equal((await run('http://other.example/')).flow.miss?.reason, 'never recorded');
    assert.equal((await run(requestOf(URL, { 'if-none-match': '"a"' }))).flow.miss, undefined);
  });

  it('yields to every other answer, and leaves the entry unused', async () => {
    const { hooks, run, addon } = await replaying(three());
    hooks.request.tap({ name: 'Mine', stage: 99 }, () => respond(HttpResponse.text(200, 'mine')));
    assert.equal((await run(URL)).flow.outcome, 'answered');
    assert.equal(addon.remaining, 3);
  });

  it('is asked before kill', async () => {
    const { hooks, ask } = await replaying([entry(URL, 'a')]);
    hooks.unmatched.tap('Kill', () => kill());
    assert.equal(await asked(ask, 2), 'a killed');
  });

  it('does not change the recording by what is done to a response', async () => {
    const { hooks, ask, run } = await replaying([entry(URL, 'a', { answer: { headers: { 'x-a': '1' } } })], {
      reuse: 'first',
    });
    const seen: (string | undefined)[] = [];
    hooks.response.tap('Change', (response) => {
      seen.push(response.headers.get('x-a'));
      response.headers.set('x-a', 'changed');
      response.status = 500;
    });
    await run(URL);
    assert.equal(await ask(URL), 'a');
    assert.deepEqual(seen, ['1', '1']);
  });

  it('names the origins it can answer for', async () => {
    const flows = [entry(URL, ''), entry(`${URL}x`, ''), entry('https://api.example:8443/', '')];
    const { proxy } = await replaying(flows);
    assert.deepEqual([...proxy.origins], ['http://shop.example', 'https://api.example:8443']);
  });

  describe('lets its hooks decide', () => {
    it('identify, also when it is tapped while running', async () => {
      const { ask, hooksOfReplay } = await replaying([entry(postJson(URL, '{"op":"a","time":1}'), 'a')]);
      const live = () => postJson(URL, '{"op":"a","time":2}');
      assert.equal(await ask(live()), 'live');
      hooksOfReplay.identify.tap('IgnoreTime', (facets) => facets.filter(([name]) => name !== 'body.time'));
      assert.equal(await ask(live()), 'a');
    });

    it('match: the newest first, or none', async () => {
      const { ask, hooksOfReplay } = await replaying(three());
      hooksOfReplay.match.tap('Newest', ({ request }, { entries }) =>
        request.headers.has('x-live') ? null : entries.at(-1),
      );
      assert.equal(await asked(ask, 4), 'c b a live');
      assert.equal(await ask(requestOf(URL, { 'x-live': '1' })), 'live');
    });

    it('but not for an entry that is none of the candidates', async () => {
      const { hooksOfReplay, run, sent } = await replaying(three());
      hooksOfReplay.match.tap('Wrong', () => entry('http://other.example/', 'x'));
      const { client, flow } = await run(URL);
      assert.equal(client.response?.status, 502);
      assert.match(flow.error?.message ?? '', /is no candidate for this request; return one of candidates/);
      assert.equal(sent.length, 0);
    });

    it('and fails closed when one throws', async () => {
      const { hooksOfReplay, run, sent, addon } = await replaying(three());
      hooksOfReplay.match.tap('Mine', () => assert.fail('oh no'));
      assert.equal((await run(URL)).client.response?.status, 502);
      assert.deepEqual([sent.length, addon.remaining], [0, 3]);
    });
  });

  it('has no start when an identify tap throws for a recorded request', async () => {
    const addon = new ServerReplay({ from: [three()] });
    const { proxy, hooks } = await replaying([]);
    addon.apply(proxy);
    ServerReplay.hooks(proxy).identify.tap('Mine', () => assert.fail('oh no'));
    await assert.rejects(hooks.start.promise(), /addon Mine, hook ServerReplay\.identify: oh no/);
  });

  it('refuses a facet name that is none', () => {
    assert.throws(() => new ServerReplay({ ignore: [''] }), { code: 'ERR_CONFIG' });
  });
});
