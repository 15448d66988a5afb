import assert from 'node:assert/strict';
import {
  forward,
  HttpResponse,
  KillUnmatched,
  respond,
  type Unmatched,
  type UnmatchedRule,
} from 'replay-proxy';
import { compileUnmatched, isAction } from '../../../addons/kill-unmatched/unmatched';
import { fakeProxy } from '../../support/addons';

const outcomes = async (unmatched: Unmatched, ...urls: string[]) => {
  const { run } = fakeProxy([new KillUnmatched(unmatched)]);
  const seen: string[] = [];
  for (const url of urls) {
    const { flow } = await run(url);
    seen.push(`${flow.outcome} ${flow.response?.status ?? '-'} ${flow.decidedBy ?? '-'}`);
  }
  return seen;
};

describe('what is unmatched', () => {
  it('goes by the first rule that is for it; the rest is forwarded', async () => {
    const rules: readonly UnmatchedRule[] = [
      { match: { host: 'localhost' }, verdict: 'forward' },
      { match: { host: '*.ads.example' }, verdict: 204 },
      { match: ({ path }) => path === '/out', verdict: 'kill' },
    ];
    assert.deepEqual(
      await outcomes(rules, 'http://localhost/out', 'http://a.ads.example/', 'http://h/out', 'http://h/'),
      [
        'forwarded 200 KillUnmatched',
        'answered 204 KillUnmatched',
        'killed - KillUnmatched',
        'forwarded 200 KillUnmatched',
      ],
    );
  });

  it('goes by a function of the flow, which may take its time', async () => {
    const verdicts: Record<string, unknown> = {
      '/kill': 'kill',
      '/503': 503,
      '/mine': respond(HttpResponse.text(200, 'mine')),
      '/out': forward(),
    };
    const decide: Unmatched = async ({ request }) => verdicts[request.path] as 'kill' | undefined;
    const urls = ['kill', '503', 'mine', 'out', 'other'].map((path) => `http://h/${path}`);
    assert.deepEqual(await outcomes(decide, ...urls), [
      'killed - KillUnmatched',
      'answered 503 KillUnmatched',
      'answered 200 KillUnmatched',
      'forwarded 200 KillUnmatched',
      'forwarded 200 KillUnmatched',
    ]);
  });

  it('fails closed when the function throws or returns what is no verdict', async () => {
    const { run, sent } = fakeProxy([
      new KillUnmatched(({ request }) => {
        if (request.path === '/') throw new Error('no');
        return 'allow' as never;
      }),
    ]);
    for (const url of ['http://h/', 'http://h/a'])
      assert.equal((await run(url)).client.response?.status, 502);
    assert.equal(sent.length, 0);
  });

  it('is decided by nobody when all is forwarded', async () => {
    assert.deepEqual(await outcomes('forward', 'http://h/'), ['forwarded 200 -']);
  });

  it('names the tap of `verdict` that decided', async () => {
    const { run, proxy } = fakeProxy([new KillUnmatched()]);
    KillUnmatched.hooks(proxy).verdict.tap('Spare', () => forward());
    assert.equal((await run()).flow.decidedBy, 'Spare');
  });

  it('knows an action', async () => {
    assert.ok(['forward', 'kill', 200, 599].every(isAction));
    assert.ok(![199, 600, 200.5, 'x', null, undefined].some(isAction));
    assert.equal(await compileUnmatched(404)({} as never), 404);
  });
});
