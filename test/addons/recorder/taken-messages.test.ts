import assert from 'node:assert/strict';
import { BodySpool, type WebSocketMessage } from 'replay-proxy';
import { TakenMessages } from '../../../addons/recorder/taken-messages';

const message = (from: 'client' | 'server', text: string, more: Partial<WebSocketMessage> = {}) =>
  ({ from, opcode: 1, data: Buffer.from(text), time: 5, ...more }) as const;

describe('TakenMessages', () => {
  it('keeps what was said, in memory and in a file', () => {
    const taken = new TakenMessages({ spool: () => new BodySpool(4), longest: 1_000 });
    for (const text of ['one', 'two', '']) assert.ok(taken.add(message('client', text)));
    taken.add(message('server', 'three', { opcode: 2, injected: true, time: 9 }));
    assert.deepEqual(taken.messages(), [
      { from: 'client', opcode: 1, time: 5, data: Buffer.from('one') },
      { from: 'client', opcode: 1, time: 5, data: Buffer.from('two') },
      { from: 'client', opcode: 1, time: 5, data: Buffer.alloc(0) },
      { from: 'server', opcode: 2, time: 9, data: Buffer.from('three'), injected: true },
    ]);
    taken.discard();
  });

  it('marks the last message of a side as dropped', () => {
    const taken = new TakenMessages({ spool: () => new BodySpool(100), longest: 1_000 });
    taken.add(message('client', 'a'));
    taken.add(message('server', 'b'));
    taken.drop('client');
    assert.deepEqual(
      taken.messages().map(({ dropped }) => dropped),
      [true, undefined],
    );
  });

  it('keeps no more than it may, and says so', () => {
    const taken = new TakenMessages({ spool: () => new BodySpool(100), longest: 70 });
    assert.ok(taken.add(message('client', 'four')));
    assert.ok(!taken.add(message('server', '')));
    taken.drop('client');
    assert.deepEqual(
      [taken.isCut, taken.messages().length, taken.messages()[0]!.dropped],
      [true, 1, undefined],
    );
  });
});
