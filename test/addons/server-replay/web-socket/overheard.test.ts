import assert from 'node:assert/strict';
import type { Flow, WebSocketMessage } from 'replay-proxy';
import { Overheard } from '../../../../addons/server-replay/web-socket/overheard';
import { fakeCore } from '../../../support/exchange';
import { MemoryClient } from '../../../support/web-socket-client';

function listening() {
  const { hooks } = fakeCore();
  const overheard = new Overheard();
  overheard.listen(hooks, 'Test');
  hooks.webSocketMessage.tap('Mine', (message) => ({ ...message, data: Buffer.from('changed') }));
  return { hooks, overheard, flow: {} as Flow };
}
const message = (from: 'client' | 'server', text: string): WebSocketMessage => ({
  from,
  opcode: 1,
  data: Buffer.from(text),
  time: 5,
});

describe('what is overheard', () => {
  it('is what the client said, before addons change it', async () => {
    const { hooks, overheard, flow } = listening();
    const client = new MemoryClient();
    const heard: string[] = [];
    const pass = async (said: WebSocketMessage) => {
      const { data, from } = await hooks.webSocketMessage.promise(said, flow);
      if (from === 'client') client.say(data.toString());
    };
    await pass(message('client', 'one'));
    await pass(message('server', 'not mine'));
    for await (const { data } of overheard.asSaid(client, flow).messages) {
      heard.push(data.toString());
      if (heard.length === 1) await pass(message('client', 'two'));
      else client.leave();
    }
    assert.deepEqual(heard, ['one', 'two']);
  });

  it('leaves the rest of the client as it is', async () => {
    const { overheard, flow } = listening();
    const client = new MemoryClient();
    const same = overheard.asSaid(client, flow);
    await same.send({ opcode: 1, data: Buffer.from('hi') });
    same.close(4000, 'bye');
    assert.deepEqual([client.texts, client.goodbye], [['hi'], { code: 4000, reason: 'bye' }]);
    assert.equal((await same.closed).code, 4000);
  });

  it('is that the proxy has ended it', async () => {
    const { hooks, overheard, flow } = listening();
    const close = { code: 1001, reason: '', time: 5 };
    await hooks.webSocketClose.promise({ ...close, from: 'client' }, flow);
    assert.equal(overheard.isEndedHere(flow), false);
    await hooks.webSocketClose.promise({ ...close, from: 'proxy' }, flow);
    assert.equal(overheard.isEndedHere(flow), true);
  });
});
