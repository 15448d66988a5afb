import assert from 'node:assert/strict';
import { isGrpc, streamKind, streamsByNature } from '../../src/http/streams';
import { HttpHeaders } from '../../src/http/headers';

describe('streamsByNature', () => {
  for (const [type, expected] of [
    ['text/event-stream', true],
    ['Text/Event-Stream; charset=utf-8', true],
    ['application/grpc+proto', true],
    ['application/x-ndjson', true],
    ['application/jsonl', true],
    ['multipart/x-mixed-replace; boundary=x', true],
    ['application/vnd.amazon.eventstream', true],
    ['application/grpc-web+proto', true],
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

describe('a gRPC response that is all head', () => {
  it('is no stream', () => {
    const headers = new HttpHeaders({ 'content-type': 'application/grpc', 'grpc-status': '5' });
    assert.deepEqual([streamsByNature(headers), isGrpc(headers)], [false, true]);
  });
});

describe('streamKind', () => {
  it('tells gRPC from gRPC-Web', () => {
    const of = (type: string) => new HttpHeaders({ 'content-type': type });
    assert.deepEqual(
      ['application/grpc', 'application/grpc+json; a=b', 'application/grpc-web+proto'].map((type) =>
        isGrpc(of(type)),
      ),
      [true, true, false],
    );
    assert.equal(streamKind(of('application/grpc-web+proto')), 'frames');
    assert.equal(streamKind(of('application/ndjson')), 'lines');
    assert.equal(streamKind(new HttpHeaders()), undefined);
  });
});
