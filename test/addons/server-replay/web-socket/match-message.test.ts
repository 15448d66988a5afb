import assert from 'node:assert/strict';
import type { Flow } from 'replay-proxy';
import {
  defaultMatchMessage,
  messageSubject,
} from '../../../../addons/server-replay/web-socket/match-message';

const same = (a: string | Buffer, b: string | Buffer, ignore: string[] = []) => {
  const [live, recorded] = [a, b].map((data) => ({
    from: 'client' as const,
    time: 0,
    opcode: typeof data === 'string' ? (1 as const) : (2 as const),
    data: Buffer.from(data as string),
  }));
  return defaultMatchMessage(live!, recorded!, {} as Flow, { ignore });
};

describe('a message of a client', () => {
  it('is the recorded one when its bytes are', () => {
    assert.ok(same('hi', 'hi') && same('', '') && same(Buffer.from([0, 255]), Buffer.from([0, 255])));
    assert.ok(!same('hi', 'ho') && !same('hi', 'hi ') && !same(Buffer.from([0]), Buffer.from([1])));
  });

  it('is never of another type', () => {
    assert.ok(!same('hi', Buffer.from('hi')) && !same(Buffer.from('hi'), 'hi', ['body']));
  });

  it('is JSON where it can be read so, whatever the order of its keys', () => {
    assert.ok(same('{"a":1,"b":[2]}', '{ "b": [2], "a": 1 }'));
    assert.ok(same(Buffer.from('{"a":1,"b":2}'), Buffer.from('{"b":2,"a":1}')), 'in bytes, too');
    assert.ok(!same('{"a":1}', '{"a":"1"}') && !same('[1,2]', '[2,1]'));
    assert.ok(same('7', ' 7') && !same('7', '"7"'));
  });

  it('may differ in what is ignored', () => {
    assert.ok(same('{"a":1,"id":1}', '{"a":1,"id":2}', ['body.id']));
    assert.ok(!same('{"a":1,"id":1}', '{"a":2,"id":2}', ['body.id']));
    assert.ok(same('{"u":{"id":1}}', '{"u":{"id":2,"x":3}}', ['body.u']));
    assert.ok(same('what', 'ever', ['body']) && !same('what', 'ever', ['body.x', 'query']));
  });

  it('is not looked into when it is too long', () => {
    assert.match(messageSubject({ opcode: 1, data: Buffer.from('{"a":1}') }, 3).bodyKey, /^sha256:/);
  });
});
