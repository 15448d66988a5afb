import assert from 'node:assert/strict';
import { Body } from '../../src/http/body';
import { HttpHeaders } from '../../src/http/headers';
import { holdBody } from '../../src/http/hold';
import { streamOf } from '../support/exchange';

const hold = (body: Body, limit: number, headers = {}) =>
  holdBody({ body, headers: new HttpHeaders(headers) }, limit);

describe('holdBody', () => {
  it('reads up to the limit into memory', async () => {
    const held = await hold(streamOf('ab', 'cd'), 4);
    assert.equal(held.kind, 'memory');
    assert.equal(await held.text(), 'abcd');
    const other = Body.from('x');
    assert.equal(await hold(other, 0), other);
  });

  it('leaves what is longer a stream, nothing lost', async () => {
    const streamed = await hold(streamOf('ab', 'cd', 'ef'), 3);
    assert.equal(streamed.kind, 'stream');
    const chunks: string[] = [];
    for await (const chunk of streamed.chunks()) chunks.push(chunk.toString());
    assert.deepEqual(chunks, ['ab', 'cd', 'ef']);
  });

  it('rejects when it is cut short while being read', async () => {
    await assert.rejects(hold(streamOf('ab', new Error('cut')), 10), /cut/);
  });

  it('does not read what says that it is longer', async () => {
    let reads = 0;
    async function* chunks() {
      reads += 1;
      yield Buffer.from('abc');
    }
    const body = Body.stream(chunks());
    assert.equal(await hold(body, 2, { 'Content-Length': '3' }), body);
    assert.equal(reads, 0);
    assert.equal((await hold(body, 3, { 'Content-Length': '3' })).kind, 'memory');
  });
});
