import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { parseMultipart } from '../../src/http/multipart';

const TYPE = 'multipart/form-data; boundary=b';
const sha256 = (bytes: string | Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const parse = (body: string, type = TYPE) => parseMultipart(Buffer.from(body), type);
const part = (name: string, value: string) =>
  `Content-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;

describe('parseMultipart', () => {
  it('reads values and files in their order', () => {
    const body =
      `--b\r\n${part('note', 'two\r\nlines')}--b\r\n` +
      'content-disposition: form-data; name="photo"; filename="C:\\me\\caf\u00e9 \\"1\\".png"\r\n' +
      `Content-Type: image/png\r\n\r\nPNG\r\n--b\r\n` +
      `Content-Disposition: form-data; filename=raw; name=file\r\n\r\n\r\n--b\r\n${part('note', '')}--b--\r\n`;
    assert.deepEqual(parse(body), [
      { name: 'note', value: 'two\r\nlines' },
      { name: 'photo', fileName: 'C:\\me\\café "1".png', contentType: 'image/png', digest: sha256('PNG') },
      { name: 'file', fileName: 'raw', digest: sha256('') },
      { name: 'note', value: '' },
    ]);
  });

  it('reads the same fields whatever the boundary', () => {
    const boundaries = ['b', '----WebKitFormBoundary7MA4YWxk', "'()+_,-./:=? x", 'x'.repeat(70)];
    for (const boundary of boundaries) {
      const body = `--${boundary}\r\n${part('a', '1')}--${boundary}--`;
      assert.deepEqual(parse(body, `multipart/form-data; charset=utf-8; boundary="${boundary}"`), [
        { name: 'a', value: '1' },
      ]);
    }
  });

  it('reads what fetch sends', async () => {
    const form = new FormData();
    form.append('name', 'Ünïcode');
    form.append(
      'file',
      new Blob([new Uint8Array([0, 13, 10, 45, 45, 255])], { type: 'image/gif' }),
      'pixel.gif',
    );
    const request = new Request('http://localhost/', { method: 'POST', body: form });
    const body = Buffer.from(await request.arrayBuffer());
    assert.deepEqual(parseMultipart(body, request.headers.get('content-type') ?? ''), [
      { name: 'name', value: 'Ünïcode' },
      {
        name: 'file',
        fileName: 'pixel.gif',
        contentType: 'image/gif',
        digest: sha256(new Uint8Array([0, 13, 10, 45, 45, 255])),
      },
    ]);
  });

  it('leaves preamble and epilogue out, and takes bare line feeds', () => {
    const body = `preamble --b\n--b \n${part('a', '1').replaceAll('\r', '')}--b--\t\nepilogue\n--b\n`;
    assert.deepEqual(parse(body), [{ name: 'a', value: '1' }]);
  });

  it('takes a line that only begins like the boundary for content', () => {
    const value = 'x --b\r\n--bc\r\n--b-\r\n--b--x';
    assert.deepEqual(parse(`--b\r\n${part('a', value)}--b--`), [{ name: 'a', value }]);
  });

  it('keeps values that are no UTF-8 apart', () => {
    const read = (byte: number) =>
      parseMultipart(
        Buffer.concat([
          Buffer.from('--b\r\nContent-Disposition: form-data; name=a\r\n\r\n'),
          Buffer.from([byte]),
          Buffer.from('\r\n--b--'),
        ]),
        TYPE,
      );
    assert.deepEqual(read(0xff), [{ name: 'a', value: '%FF' }]);
    assert.deepEqual(read(0xfe), [{ name: 'a', value: '%FE' }]);
  });

  it('reads a form without fields', () => assert.deepEqual(parse('--b--\r\n'), []));

  const malformed: Array<[what: string, body: string, type?: string]> = [
    ['no boundary in the type', `--b\r\n${part('a', '1')}--b--`, 'multipart/form-data'],
    ['an empty boundary', `--\r\n${part('a', '1')}----`, 'multipart/form-data; boundary=""'],
    ['a boundary that is too long', '', `multipart/form-data; boundary=${'x'.repeat(71)}`],
    ['an empty body', ''],
    ['another boundary', `--c\r\n${part('a', '1')}--c--`],
    ['no closing delimiter', `--b\r\n${part('a', '1')}--b\r\n`],
    ['a part without a name', '--b\r\nContent-Disposition: form-data\r\n\r\n1\r\n--b--'],
    ['a part without an empty line', '--b\r\nContent-Disposition: form-data; name="a"\r\n--b--'],
    ['an endless part head', `--b\r\nX: ${'x'.repeat(20_000)}\r\n${part('a', '1')}--b--`],
    ['too many parts', `--b\r\n${`${part('a', '1')}--b\r\n`.repeat(10_001)}--b--`],
  ];
  for (const [what, body, type] of malformed) {
    it(`gives up on ${what}`, () => assert.equal(parse(body, type), undefined));
  }

  it('never throws, whatever the parts', () => {
    const piece = fc.constantFrom(
      '--b',
      '--',
      '\r\n',
      '\n',
      '\r',
      part('a', '1'),
      'name="',
      ';',
      ' ',
      '\\"',
      'x',
    );
    const body = fc.array(piece, { maxLength: 30 }).map((pieces) => pieces.join(''));
    fc.assert(
      fc.property(body, body, (text, type) => {
        const fields = parse(text, `${TYPE}${type}`);
        assert.ok(fields === undefined || Array.isArray(fields));
      }),
    );
  });

  it('reads a hostile body in one pass', () => {
    for (const text of ['\n--b', '\n--b \t', '--b', ';a="\\"', '\n--b\r\n\r']) {
      assert.equal(parse(text.repeat(1_000_000 / text.length)), undefined);
      parse('--b--', `${TYPE}${text.repeat(60_000 / text.length)}`);
    }
  });
});
