import assert from 'node:assert/strict';
import { flowJson, flowLine } from '../../src/cli/flow-line';
import { entry, requestOf } from '../support/replay';

describe('flowLine', () => {
  const request = requestOf('http://shop.example/a');
  request.startedAt = 1_000;
  const answer = { startedAt: 1_005, endedAt: 1_012.4 };

  it('has number, method, URL, status, size and duration', () => {
    assert.equal(
      flowLine(entry(request, 'hello', { answer, number: 7 }), 3),
      '  7 GET http://shop.example/a 200 5 B 12 ms',
    );
  });

  it('says what is the matter', () => {
    const line = (rest: object) => flowLine(entry(request, 'hello', { number: 1, ...rest }), 1);
    const start = '1 GET http://shop.example/a';
    assert.equal(line({ response: undefined, error: 'refused' }), `${start} - - -: refused`);
    assert.equal(line({ response: undefined }), `${start} - - -: no response`);
    assert.equal(line({ answer, incomplete: true }), `${start} 200 5 B 12 ms: cut short`);
    assert.equal(line({ answer, unstored: { response: true } }), `${start} 200 - 12 ms: body not stored`);
    assert.equal(line({ answer, webSocket: [] }), `${start} 200 5 B 12 ms: WebSocket, 0 messages`);
  });

  it('escapes control characters', () => {
    assert.match(flowLine(entry(request, '', { error: 'a\x1b[2Jb' }), 1), /: a\\x1b\[2Jb$/);
  });

  it('is the same for programs', () => {
    assert.deepEqual(flowJson(entry(request, 'hello', { answer, number: 7 })), {
      number: 7,
      startedAt: '1970-01-01T00:00:01.000Z',
      method: 'GET',
      url: 'http://shop.example/a',
      status: 200,
      size: 5,
      duration: 12,
    });
  });
});
