import assert from 'node:assert/strict';
import { HttpHeaders } from '../../src/http/headers';
import { bytesOfText, nameUtf8 } from '../../src/recording/har-charset';
import { entry, openForeign, scratch } from './har-samples';

describe('bytesOfText', () => {
  const of = (text: string, contentType: string, sizes: number[] = [], own = false): string => {
    const { encoding, misnamed } = bytesOfText(text, { contentType, sizes, own });
    return misnamed ? `${encoding}, misnamed` : encoding;
  };

  it('gives UTF-8 that goes by a wrong name, when nothing proves other bytes', () => {
    assert.equal(of('日本', 'text/html; charset=Shift_JIS', [4]), 'utf8, misnamed');
    assert.equal(of('“q” €', 'text/html;charset="windows-1252"', [5]), 'utf8, misnamed');
    assert.equal(of('café', 'text/html; charset=iso-8859-1', [5]), 'utf8, misnamed');
    assert.equal(of('hi', 'text/plain; charset=utf-16le', [4]), 'utf8, misnamed');
    assert.equal(of('h\0i\0', 'text/plain; charset=utf-16le', [4]), 'utf8');
    assert.equal(of('日本', 'text/html; charset=UTF-8', [4]), 'utf8');
    assert.equal(of('日本', 'text/html', [4]), 'utf8');
    assert.equal(of('hi', 'text/html; charset=windows-1251', [2]), 'utf8');
  });

  it('gives Latin-1 where a size or the type says so', () => {
    assert.equal(of('café', 'text/html', [4]), 'latin1');
    assert.equal(of('cafÃ©', 'text/plain', [4, 5]), 'latin1');
    assert.equal(of('café', 'text/html; charset=ISO-8859-1'), 'latin1');
  });

  it('goes by the page where the head names no charset', () => {
    const html = '<html><meta http-equiv="Content-Type" content="text/html; charset=windows-1251">Привет';
    assert.equal(of(html, 'text/html', [80]), 'utf8, misnamed');
    assert.equal(of('<meta charset=koi8-r>Привет', 'text/html'), 'utf8, misnamed');
    assert.equal(of('<meta charset=koi8-r>Привет', 'text/html; charset=utf-8'), 'utf8');
    assert.equal(of('<meta charset="utf-8">Привет', 'text/html'), 'utf8');
    assert.equal(of("<?xml version='1.0' encoding='euc-jp'?>日本", 'application/rss+xml'), 'utf8, misnamed');
    assert.equal(of('@charset "gbk";日本', 'text/css'), 'utf8, misnamed');
    assert.equal(of('<meta charset=koi8-r>Привет', 'text/plain'), 'utf8');
  });

  it('leaves what we wrote as it was received', () => {
    assert.equal(of('café', 'text/html; charset=windows-1251', [5], true), 'utf8');
    assert.equal(of('hi', 'text/html; charset=utf-16', [2], true), 'utf8');
    assert.equal(of('Привет', 'text/html; charset=windows-1251', [5], true), 'utf8, misnamed');
  });

  it('takes linear time for long hostile texts', () => {
    const type = `text/html${'; charset'.repeat(20_000)}`;
    assert.equal(of(`é${'<meta '.repeat(100_000)}`, type), 'utf8');
  });
});

describe('nameUtf8', () => {
  it('changes the charset and nothing else', () => {
    const named = (value: string): string => {
      const headers = new HttpHeaders([['CONTENT-type', value]]);
      nameUtf8(headers);
      return headers.toRaw().join(': ');
    };
    assert.equal(named('Text/HTML ;Charset="koi8-r";x=1'), 'CONTENT-type: Text/HTML ;Charset=utf-8;x=1');
    assert.equal(named('text/html'), 'CONTENT-type: text/html; charset=utf-8');
  });
});

describe('the charset of a HAR', () => {
  const at = scratch();

  it('is that of the bytes', async () => {
    const page = (charset: string, text: string, size: number, rest: object = {}) =>
      entry({
        response: {
          headers: [
            { name: 'content-type', value: `text/html; charset=${charset}` },
            { name: 'Content-Length', value: String(size) },
          ],
          content: { text, size, mimeType: `text/html; charset=${charset}`, ...rest },
        },
      });
    const base64 = { text: Buffer.from([0xcf]).toString('base64'), encoding: 'base64' };
    const { flows } = await openForeign(
      at('x.har'),
      page('windows-1251', 'Привет', 6),
      page('iso-8859-1', 'café', 4),
      page('windows-1251', '', 1, base64),
      page('shift_jis', 'GrÃ¼', 3, { compression: 1 }),
    );
    assert.deepEqual(
      flows.map(({ response: r }) => [
        r!.headers.get('content-type')!.split('=')[1],
        r!.body.bytesSync().toString('latin1'),
      ]),
      [
        ['utf-8', Buffer.from('Привет').toString('latin1')],
        ['iso-8859-1', 'caf\xe9'],
        ['windows-1251', '\xcf'],
        ['shift_jis', 'Gr\xc3\xbc'],
      ],
    );
    assert.equal(flows[0]?.response?.headers.has('content-length'), false);
  });
});
