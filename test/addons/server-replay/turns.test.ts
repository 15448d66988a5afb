import assert from 'node:assert/strict';
import { Flow, type RecordedFlow, ServerReplay } from 'replay-proxy';
import { Consumption } from '../../../addons/server-replay/consumption';
import { DEFAULTS } from '../../../addons/server-replay/options';
import { Replayable } from '../../../addons/server-replay/replayable';
import { Turns } from '../../../addons/server-replay/turns';
import { entry, requestOf } from '../../support/replay';

const URL = 'http://shop.example/';

function turnsOf(flows: RecordedFlow[]) {
  const replayable = new Replayable({ flows, unusable: [] }, { ...DEFAULTS, from: [flows] }, undefined);
  return new Turns(new Consumption(), () => ({ replayable, hooks: ServerReplay.hooks({}) }));
}

function flowOf(url: string): Flow {
  const client = { address: '127.0.0.1', port: 1 };
  return new Flow({
    id: '1',
    request: requestOf(url),
    client,
    signal: new AbortController().signal,
    startedAt: 0,
  });
}

describe('Turns', () => {
  const [one, two] = [entry(URL, '1'), entry(URL, '2')] as const;

  it('come in recorded order; what was given back comes again', async () => {
    const turns = turnsOf([one, two]);
    const [first, second, third] = [flowOf(URL), flowOf(URL), flowOf(URL)];
    assert.equal(await turns.take(first), one);
    assert.equal(await turns.take(second), two);
    turns.keep(second);
    await turns.giveBack(second);
    await turns.giveBack(first);
    await turns.giveBack(first);
    assert.equal(await turns.take(third), one);
    assert.equal(await turns.take(flowOf(URL)), undefined);
  });

  it('are given back when the flow ended while they were asked for', async () => {
    const turns = turnsOf([one]);
    const gone = flowOf(URL);
    gone.endedAt = 1;
    assert.equal(await turns.take(gone), one);
    assert.equal(await turns.take(flowOf(URL)), one);
  });

  it('explain themselves when there is none', async () => {
    const turns = turnsOf([one]);
    const flow = flowOf(`${URL}?a=1`);
    assert.equal(await turns.take(flow), undefined);
    assert.deepEqual(flow.miss?.remedy?.ignore, ['query.a']);
  });
});
