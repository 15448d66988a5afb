import assert from 'node:assert/strict';
import { CLOSING, headLine, readHead } from '../../src/recording/har-layout';
import type { Fillable } from '../../src/recording/line-window';

const file = (text: string): Fillable => ({
  fill: (target, offset) => Buffer.from(text).copy(target, 0, offset),
});

describe('the layout with one entry a line', () => {
  it('is a HAR, and knows where its seal is', () => {
    const head = headLine(
      { version: '1.2', entries: [1], _replay: { sealed: true }, pages: ['ü'] },
      { log: 1, extra: 2 },
    );
    assert.deepEqual(JSON.parse(head + CLOSING), {
      extra: 2,
      log: { version: '1.2', pages: ['ü'], _replay: { sealed: false }, entries: [] },
    });
    const read = readHead(file(head + CLOSING));
    assert.equal(read?.end, Buffer.byteLength(head));
    const seal = Buffer.from(head).subarray(read.sealAt, read.sealAt! + 5);
    assert.equal(seal.toString(), 'false');
  });

  it('keeps hostile members where they are', () => {
    const log = JSON.parse('{"__proto__":{"a":1},"note":"\\"_replay\\":{\\"sealed\\":false}"}') as Record<
      string,
      unknown
    >;
    const head = headLine(log);
    assert.match(head, /"__proto__":\{"a":1\}/);
    assert.equal(
      Buffer.from(head)
        .subarray(readHead(file(`${head}\n`))?.sealAt)
        .toString()
        .startsWith('false}'),
      true,
    );
  });

  it('is not seen where it is not', () => {
    const texts = [
      '',
      '\n',
      '{\n"log":',
      '{"log":{"entries":[{}\n]}}',
      '{"log":{"entries":[]}}\n',
      '{"log":{"x":[\n]}}',
      'x[\n',
      '{"a":{"entries":[\n]}}',
    ];
    for (const text of texts) assert.equal(readHead(file(text)), undefined, text);
    assert.equal(readHead(file('\ufeff{"log":{"entries":[\n]}}'))?.sealAt, undefined);
    assert.deepEqual(readHead(file('\ufeff{"log":{"entries":[\n]}}'))?.log, { entries: [] });
    assert.equal(readHead(file('x'.repeat(100_000))), undefined);
  });
});
