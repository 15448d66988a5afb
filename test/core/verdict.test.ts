import assert from 'node:assert/strict';
import { forward, isVerdict, kill, respond, serveWebSocket } from '../../src/core/verdict';
import { HttpResponse } from '../../src/http/response';

describe('verdicts', () => {
  it('are known by their brand, not by their shape', () => {
    for (const verdict of [respond(new HttpResponse()), forward(), kill()])
      assert.equal(isVerdict(verdict), true);
    for (const other of [{ kind: 'kill' }, null, undefined, 'forward', 5])
      assert.equal(isVerdict(other), false);
  });

  it('serveWebSocket() is an answer, of 101 unless told', () => {
    const serve = () => Promise.resolve();
    const verdict = serveWebSocket(serve);
    assert.equal(isVerdict(verdict), true);
    assert.deepEqual([verdict.kind, verdict.response.status, verdict.serve], ['respond', 101, serve]);
  });

  it('respond() refuses what is no response', () => {
    assert.throws(() => respond({ status: 200 } as never), TypeError);
  });
});
