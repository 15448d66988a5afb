import assert from 'node:assert/strict';
import { streamsByNature } from '../../src/http/streams';
import { HttpHeaders } from '../../src/http/headers';

describe('streamsByNature', () => {
  for (const [type, expected] of [
    ['text/event-stream', true],
    ['Text/Event-Stream; charset=utf-8', true],
    ['application/grpc+proto', true],
    ['application/x-ndjson', true],
    ['application/json', false],
    ['text/event-streams-of-mine', false],
    [undefined, false],
  ] as const) {
    it(`${type}: ${expected}`, () => {
      const headers = type === undefined ? {} : { 'Content-Type': type };
      assert.equal(streamsByNature(new HttpHeaders(headers)), expected);
    });
  }
});
