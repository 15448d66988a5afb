import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { Body } from '../../src/http/body';
import { HttpHeaders } from '../../src/http/headers';
import { HttpRequest } from '../../src/http/request';
import { HttpResponse } from '../../src/http/response';
import { readChunks } from '../../src/recording/har-chunks';
import { openRecording, openWriter } from '../../src/recording/open-recording';
import type { RecordedFlow } from '../../src/recording/recorded-flow';
import { scratch } from './har-samples';

const EVENTS = ['data: one\n\n', 'data: two\n\n', 'data: three\n\n'];

function streamedFlow(response: Partial<HttpResponse>, chunks: RecordedFlow['chunks']): RecordedFlow {
  const message = new HttpResponse({ headers: { 'content-type': 'text/event-stream' }, startedAt: 1e12 });
  Object.assign(message, response);
  return {
    source: 'x',
    number: 1,
    request: HttpRequest.to('http://shop.example/', { startedAt: 1e12 }),
    response: message,
    ...(chunks && { chunks }),
  };
}

describe('the chunks of a stream', () => {
  const at = scratch();
  const chunks = { at: [0, 40, 75], lengths: EVENTS.map(({ length }) => length) };

  async function written(name: string, flow: RecordedFlow): Promise<RecordedFlow> {
    const writer = openWriter(at(name), { append: false });
    writer.append(flow);
    writer.close();
    const recording = await openRecording(at(name));
    assert.deepEqual(recording.warnings, []);
    recording.close();
    return recording.flows[0]!;
  }

  it('are kept, in a HAR and in a dump, and that a client left', async () => {
    for (const name of ['a.har', 'a.mitm']) {
      const flow = {
        ...streamedFlow({ body: Body.from(EVENTS.join('')) }, chunks),
        incomplete: true,
        left: true,
      };
      const read = await written(name, flow);
      assert.deepEqual(read.chunks, chunks, name);
      assert.deepEqual([read.incomplete, read.left], [true, true], name);
    }
    const plain = await written('none.har', streamedFlow({ body: Body.from('x') }, undefined));
    assert.deepEqual(['chunks' in plain, 'left' in plain], [false, false]);
  });

  it('are those of the bytes as received, content-coded or not', async () => {
    const pieces = EVENTS.map((event) => gzipSync(event));
    const coded = { at: chunks.at, lengths: pieces.map(({ length }) => length) };
    const headers = new HttpHeaders([
      ['content-type', 'text/event-stream'],
      ['content-encoding', 'gzip'],
    ]);
    for (const name of ['z.har', 'z.mitm']) {
      const read = await written(
        name,
        streamedFlow({ headers, body: Body.from(Buffer.concat(pieces)) }, coded),
      );
      assert.deepEqual(read.chunks, coded, name);
    }
  });

  it('keep events whole and their times when the recording is edited by hand', async () => {
    await written('e.har', streamedFlow({ body: Body.from(EVENTS.join('')) }, chunks));
    for (const [from, to, lengths] of [
      ['data: two', 'data: much longer', [11, 19, 13]],
      // Not the length, but the places of the ends.
      ['one\\n\\ndata: two', 'o\\n\\ndata: twotw', [9, 13, 13]],
      ['data: two\\n\\n', '', [11, 13]],
    ] as const) {
      const text = readFileSync(at('e.har'), 'utf8');
      assert.ok(text.includes(from));
      writeFileSync(at('edited.har'), text.replace(from, to));
      const { flows, close } = await openRecording(at('edited.har'));
      close();
      assert.deepEqual(flows[0]?.chunks?.lengths, lengths, to);
      assert.deepEqual(flows[0]?.chunks?.at, chunks.at.slice(0, lengths.length), to);
    }
  });

  it('are written of the body that there is, whatever an addon made of it', async () => {
    for (const name of ['c.har', 'c.mitm']) {
      const body = Body.from('data: changed\n\ndata: 2\n\n');
      assert.deepEqual((await written(name, streamedFlow({ body }, chunks))).chunks, {
        at: [0, 40],
        lengths: [15, 9],
      });
    }
  });

  it('are none where the list is none', () => {
    const message = { body: Body.from('data: 1\n\n'), headers: new HttpHeaders() };
    for (const extras of [undefined, {}, { chunks: 7 }, { chunks: { list: [['x']] } }])
      assert.equal(readChunks(extras, message), undefined);
    assert.equal(readChunks({ chunks: { list: [[0, 0]] } }, { ...message, body: Body.empty }), undefined);
  });
});
