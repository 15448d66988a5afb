import assert from 'node:assert/strict';
import { HttpResponse, kill, Redaction, respond } from 'replay-proxy';
import { summaryOf } from '../../../addons/ledger/report';
import { fakeProxy } from '../../support/addons';

describe('a flow in a report', () => {
  it('has what a person needs to find it', async () => {
    const { run, hooks } = fakeProxy([]);
    hooks.request.tap('Mine', ({ request }) =>
      request.path === '/kill' ? kill() : respond(HttpResponse.text(418, 'tea')),
    );
    assert.deepEqual(summaryOf((await run('http://h/a?t=1')).flow, 'answered', new Redaction(['query.t'])), {
      at: '1970-01-01T00:00:00.900Z',
      method: 'GET',
      url: 'http://h/a?t=redacted',
      outcome: 'answered',
      status: 418,
      by: 'Mine',
    });
    const killed = summaryOf((await run('http://h/kill')).flow, 'killed', new Redaction([]));
    assert.deepEqual([killed.outcome, killed.status], ['killed', undefined]);
  });
});
