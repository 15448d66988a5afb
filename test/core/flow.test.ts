import assert from 'node:assert/strict';
import { Flow } from '../../src/core/flow';
import { HttpRequest } from '../../src/http/request';

function flow(): Flow {
  const request = HttpRequest.to('http://shop.example/');
  return new Flow({
    id: '1',
    request,
    client: { address: '::1', port: 1 },
    signal: new AbortController().signal,
    startedAt: 5,
  });
}

describe('Flow', () => {
  it('streams a body only when asked to', () => {
    const one = flow();
    one.stream('response');
    assert.equal(one.isStreamed('response'), true);
    assert.equal(one.isStreamed('request'), false);
  });

  it('runs what holds its end in order, each once', async () => {
    const one = flow();
    const order: number[] = [];
    one.beforeEnd(async () => {
      await new Promise(setImmediate);
      order.push(1);
    });
    one.beforeEnd(() => void order.push(2));
    assert.equal(one.holdsEnd, true);
    await one.settle();
    await one.settle();
    assert.deepEqual(order, [1, 2]);
    assert.equal(one.holdsEnd, false);
  });

  it('keeps a request whole when somebody asks for it', () => {
    const one = flow();
    assert.equal(one.keepsRequest, false);
    one.keepRequest();
    assert.equal(one.keepsRequest, true);
  });
});
