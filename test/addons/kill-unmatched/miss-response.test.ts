import assert from 'node:assert/strict';
import { type Flow, type Miss } from 'replay-proxy';
import { missResponse, prefersJson } from '../../../addons/kill-unmatched/miss-response';
import { requestOf } from '../../support/replay';

const URL = 'http://shop.example/';
const accepting = (accept: string | undefined) => requestOf(URL, accept === undefined ? {} : { accept });

describe('a response to a miss', () => {
  for (const [accept, expected] of [
    [undefined, false],
    ['*/*', false],
    ['application/json', true],
    ['application/problem+json', true],
    ['text/html, application/json', false],
    ['application/json, text/plain, */*', true],
    ['application/json;q=0.5, text/html', false],
    ['text/*;q=0.5, application/json', true],
    ['application/json;q=0', false],
    ['image/png', false],
  ] as const) {
    it(`is ${expected ? 'JSON' : 'text'} for Accept: ${accept}`, () => {
      assert.equal(prefersJson(accepting(accept)), expected);
    });
  }

  const miss: Miss = {
    method: 'GET',
    url: URL,
    session: '',
    reason: 'never recorded',
    sources: ['shop.har'],
    entries: 2,
    unfit: [],
    nearest: [],
  };
  const flowOf = (accept?: string) => ({ request: accepting(accept), miss }) as unknown as Flow;

  it('holds the whole report', async () => {
    const text = missResponse(404, flowOf(), 0);
    assert.equal(text.status, 404);
    assert.match(await text.body.text(), /never recorded: none of 2 entries of shop\.har matches/);
    const json = missResponse(404, flowOf('application/json'), 0);
    assert.equal(json.headers.get('content-type'), 'application/json');
    assert.deepEqual(JSON.parse(await json.body.text()), miss);
  });

  it('has no body where a status allows none', () => {
    for (const status of [204, 205, 304]) assert.equal(missResponse(status, flowOf(), 0).body.length, 0);
  });

  it('is the status of the call for gRPC', () => {
    const request = requestOf(URL, { 'content-type': 'application/grpc+proto' });
    for (const [about, sentence] of [
      [miss, 'never recorded'],
      [undefined, 'no recording is loaded'],
    ] as const) {
      const { status, headers, body } = missResponse(503, { request, miss: about } as unknown as Flow, 0);
      assert.deepEqual([status, headers.get('grpc-status'), body.length], [200, '12', 0]);
      assert.equal(headers.get('content-type'), 'application/grpc+proto');
      assert.ok(headers.get('grpc-message')?.includes(sentence), headers.get('grpc-message'));
    }
  });
});
