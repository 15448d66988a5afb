import assert from 'node:assert/strict';
import { HttpResponse, kill, ResponseRefresh, respond } from 'replay-proxy';
import { Summary } from '../../src/cli/summary';
import { fakeProxy, replayer } from '../support/addons';
import { entry } from '../support/replay';

describe('Summary', () => {
  it('counts outcomes', async () => {
    const summary = new Summary();
    const decide = fakeProxy([
      summary,
      replayer(entry('http://shop.example/', 'x', { answer: { startedAt: 1 } })),
      new ResponseRefresh(),
    ]);
    await decide.run('http://shop.example/');
    assert.equal(summary.line(), '1 answered (1 refreshed), 0 forwarded, 0 killed');
  });

  it('tells forwarded, killed, answered and failed apart', async () => {
    const summary = new Summary();
    const { run } = fakeProxy([
      summary,
      {
        name: 'Test',
        apply: ({ hooks }) =>
          hooks.request.tap('Test', ({ request }) => {
            if (request.path === '/kill') return kill();
            if (request.path === '/answer') return respond(new HttpResponse());
            if (request.path === '/fail') throw new Error('boom');
            return undefined;
          }),
      },
    ]);
    for (const path of ['/kill', '/answer', '/answer', '/fail', '/forward'])
      await run(`http://shop.example${path}`);
    assert.equal(summary.line(), '2 answered (0 refreshed), 1 forwarded, 1 killed, 1 failed');
    assert.equal(
      summary.line({ entries: Array(9), remaining: 7 }),
      '2 answered (0 refreshed), 1 forwarded, 1 killed, 1 failed; 7 of 9 entries left',
    );
  });
});
