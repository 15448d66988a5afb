import assert from 'node:assert/strict';
import { ServerReplay } from 'replay-proxy';
import { DEFAULTS } from '../../../addons/server-replay/options';
import { Replayable } from '../../../addons/server-replay/replayable';
import { entry, requestOf } from '../../support/replay';

const URL = 'http://shop.example/';

describe('Replayable', () => {
  const recorded = entry(requestOf(URL, { Accept: 'text/html' }), '');

  it('compares the header fields asked for, whatever their case', () => {
    const replayable = new Replayable([recorded], { ...DEFAULTS, headers: ['ACCEPT', 'accept'] }, undefined);
    assert.equal(replayable.find(requestOf(URL, { accept: 'text/html' })).length, 1);
    assert.equal(replayable.find(requestOf(URL, { accept: 'text/plain' })).length, 0);
    assert.equal(replayable.find(requestOf(URL)).length, 0);
  });

  it('shows identify copies, and sees a tap that comes later', () => {
    const { identify } = ServerReplay.hooks({});
    const replayable = new Replayable([recorded], DEFAULTS, identify);
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
    const replayable = new Replayable([recorded], { ...DEFAULTS, ignore: ['port'] }, identify);
    assert.equal(replayable.find(requestOf(URL)).length, 1);
    assert.deepEqual(names[0], ['scheme', 'method', 'host', 'port', 'path']);
  });
});
