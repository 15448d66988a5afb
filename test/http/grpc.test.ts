import assert from 'node:assert/strict';
import { encodeGrpcMessage, firstMessage, neededForMessage } from '../../src/http/grpc';

const message = (text: string, flag = 0) => Buffer.from([flag, 0, 0, 0, text.length, ...Buffer.from(text)]);

describe('gRPC messages', () => {
  it('say how many bytes they need', () => {
    assert.equal(neededForMessage(Buffer.alloc(0)), 5);
    assert.equal(neededForMessage(Buffer.from([0, 0, 0, 1])), 5);
    assert.equal(neededForMessage(Buffer.from([0, 0, 0, 1, 2])), 5 + 258);
  });

  it('are found at the start of a body, however it is cut', () => {
    const bytes = Buffer.concat([message('hello', 1), message('more')]);
    for (const size of [1, 3, 5, 7, 100]) {
      const pieces: Buffer[] = [];
      for (let at = 0; at < bytes.length; at += size) pieces.push(bytes.subarray(at, at + size));
      const first = firstMessage(pieces, 100);
      assert.ok(first && first !== 'too long');
      assert.deepEqual([first.isCompressed, String(first.bytes)], [true, 'hello'], String(size));
    }
    assert.deepEqual(firstMessage([message('')], 0), { isCompressed: false, bytes: Buffer.alloc(0) });
  });

  it('are none where bytes are missing, and not read where they are too many', () => {
    for (const half of [Buffer.alloc(0), message('hello').subarray(0, 4), message('hello').subarray(0, 9)])
      assert.equal(firstMessage([half], 100), undefined);
    assert.equal(firstMessage([message('hello')], 4), 'too long');
    assert.notEqual(firstMessage([message('hello')], 5), 'too long');
    assert.equal(firstMessage([Buffer.from([0, 255, 255, 255, 255])], 100), 'too long');
  });

  it('have texts in ASCII', () => {
    assert.equal(encodeGrpcMessage('100% of\nthem, à propos'), '100%25 of%0Athem, %C3%A0 propos');
  });
});
