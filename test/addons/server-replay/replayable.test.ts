import assert from 'node:assert/strict';
import {
  type HttpRequest,
  type RecordedFlow,
  ServerReplay,
  type ReplayValues,
  type ServerReplayHooks,
} from 'replay-proxy';
import { DEFAULTS } from '../../../addons/server-replay/options';
import { Replayable } from '../../../addons/server-replay/replayable';
import { entry, requestOf } from '../../support/replay';

const URL = 'http://shop.example/';

function replayableOf(
  flows: RecordedFlow[],
  values: Partial<ReplayValues> = {},
  identify?: ServerReplayHooks['identify'],
) {
  const replayable = new Replayable({ flows, unusable: [] }, { ...DEFAULTS, ...values }, identify);
  const find = (request: HttpRequest, session = '') =>
    replayable.find(request, replayable.policyOf(request), session);
  return { find, replayable };
}

describe('Replayable', () => {
  const recorded = entry(requestOf(URL, { Accept: 'text/html' }), '');

  it('compares the header fields asked for, whatever their case', () => {
    const replayable = replayableOf([recorded], { headers: ['ACCEPT', 'accept'] });
    assert.equal(replayable.find(requestOf(URL, { accept: 'text/html' })).length, 1);
    assert.equal(replayable.find(requestOf(URL, { accept: 'text/plain' })).length, 0);
    assert.equal(replayable.find(requestOf(URL)).length, 0);
  });

  it('shows identify copies, and sees a tap that comes later', () => {
    const { identify } = ServerReplay.hooks({});
    const replayable = replayableOf([recorded], {}, identify);
    const live = requestOf(`${URL}other`);
    assert.deepEqual(replayable.find(live), []);
    identify.tap('Everything', (_facets, request) => {
      request.path = '/changed';
      return [];
    });
    assert.deepEqual(replayable.find(live), [recorded]);
    assert.deepEqual([live.path, recorded.request.path], ['/other', '/']);
  });

  it('keeps the facets of a tap that returns nothing', () => {
    const { identify } = ServerReplay.hooks({});
    const names: string[][] = [];
    identify.tap('Look', (facets) => void names.push(facets.map(([name]) => name)));
    const replayable = replayableOf([recorded], { ignore: ['port'] }, identify);
    assert.equal(replayable.find(requestOf(URL)).length, 1);
    assert.deepEqual(names[0], ['scheme', 'method', 'host', 'port', 'path']);
  });

  it('compares by the first rule that is for a request', () => {
    const { find, replayable } = replayableOf([recorded, entry(`${URL}poll?t=1`, '')], {
      rules: [
        { match: { path: '/poll' }, ignore: ['query.t'], reuse: 'cycle' },
        { match: ({ path }) => path.startsWith('/p'), reuse: 'last' },
      ],
    });
    assert.equal(find(requestOf(`${URL}poll?t=2`)).length, 1);
    assert.equal(find(requestOf(`${URL}?t=2`)).length, 0);
    const reuseOf = (url: string) => replayable.policyOf(requestOf(url)).reuse;
    assert.deepEqual([`${URL}poll`, `${URL}pull`, URL].map(reuseOf), ['cycle', 'last', 'never']);
  });

  it('shows a session its own entries and those of none, unless sessions are off', () => {
    const of = (session: string) => entry(URL, session, { session });
    const [mine, none, other] = [of('mine'), entry(URL, ''), of('other')];
    const { find } = replayableOf([mine, none, other]);
    assert.deepEqual(find(requestOf(URL), 'mine'), [mine, none]);
    assert.deepEqual(find(requestOf(URL), 'other'), [other, none], 'its own first');
    assert.deepEqual(find(requestOf(URL), ''), [none]);
    assert.deepEqual(find(requestOf(URL), 'new'), [none]);
    assert.deepEqual(replayableOf([mine, none, other], { sessions: false }).find(requestOf(URL)), [
      mine,
      none,
      other,
    ]);
  });

  it('finds an entry that was added later, last', () => {
    const { find, replayable } = replayableOf([recorded]);
    const later = entry(URL, 'later');
    assert.deepEqual(find(requestOf(URL)), [recorded]);
    replayable.add(later);
    assert.deepEqual(find(requestOf(URL)), [recorded, later]);
  });
});
