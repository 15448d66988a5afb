import assert from 'node:assert/strict';
import { type Flow, ServerReplay } from 'replay-proxy';
import matchSocketIo from '../../examples/match-socket-io';
import { replaying } from '../support/examples';

describe('example: match what is behind the number of a Socket.IO message', () => {
  it('compares the number as it is and the rest as JSON', async () => {
    const { proxy } = await replaying(matchSocketIo, []);
    const said = (text: string) => ({ from: 'client', opcode: 1, data: Buffer.from(text), time: 0 }) as const;
    const same = (a: string, b: string, ignore: string[] = []) =>
      ServerReplay.hooks(proxy).matchMessage.call(said(a), said(b), {} as Flow, { ignore });
    assert.equal(same('42["order",{"id":1,"n":2}]', '42["order",{"n":2,"id":1}]'), true);
    assert.equal(same('42["order",{"id":1}]', '42["order",{"id":2}]'), false);
    assert.equal(same('42["order",{"id":1}]', '42["order",{"id":2}]', ['body.1.id']), true);
    assert.equal(same('42["order"]', '43["order"]', ['body']), false);
    assert.equal(same('2', '2'), true);
    assert.equal(same('2', '3'), false);
  });
});
