import assert from 'node:assert/strict';
import { Body } from '../../src/http/body';
import { holdBody } from '../../src/http/hold';
import { streamOf } from '../support/exchange';

describe('holdBody', () => {
  it('reads up to the limit into memory', async () => {
    const held = await holdBody(streamOf('ab', 'cd'), 4);
    assert.equal(held.kind, 'memory');
    assert.equal(await held.text(), 'abcd');
    const other = Body.from('x');
    assert.equal(await holdBody(other, 0), other);
  });

  it('leaves what is longer a stream, nothing lost', async () => {
    const streamed = await holdBody(streamOf('ab', 'cd', 'ef'), 3);
    assert.equal(streamed.kind, 'stream');
    const chunks: string[] = [];
    for await (const chunk of streamed.chunks()) chunks.push(chunk.toString());
    assert.deepEqual(chunks, ['ab', 'cd', 'ef']);
  });

  it('rejects when it is cut short while being read', async () => {
    await assert.rejects(holdBody(streamOf('ab', new Error('cut')), 10), /cut/);
  });
});
