import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { HttpRequest } from '../../src/http/request';
import { HttpResponse } from '../../src/http/response';
import { openHar } from '../../src/recording/har-reader';
import { openHarWriter } from '../../src/recording/har-writer';
import type { RecordedFlow } from '../../src/recording/recorded-flow';
import { entry, flow, openForeign, scratch } from './har-samples';

describe('bodies of a HAR', () => {
  const at = scratch();
  let files = 0;
  /** Of a file of its own, since one that is read is not written. */
  const path = (): string => at(`${++files}.har`);

  async function edited(change: (text: string) => string): Promise<RecordedFlow> {
    const body = gzipSync('price 10');
    const headers = { 'Content-Encoding': 'gzip', 'Content-Length': String(body.length), 'X-Kept': '1' };
    const file = path();
    const writer = openHarWriter(file, { append: false });
    const request = HttpRequest.to('http://h/', {
      method: 'POST',
      body: 'ask 1',
      headers: { 'Content-Length': '5' },
    });
    writer.append(flow('http://h/', { request, response: new HttpResponse({ headers, body }) }));
    writer.close();
    writeFileSync(file, change(readFileSync(file, 'utf8')));
    const recording = await openHar(file);
    const [one] = recording.flows;
    assert.deepEqual(recording.warnings, []);
    one!.response!.body.bytesSync();
    return one!;
  }

  it('come back as received while nobody edited them', async () => {
    const { response } = await edited((text) => text);
    assert.deepEqual(response?.body.bytesSync(), gzipSync('price 10'));
    assert.equal(response?.headers.get('content-encoding'), 'gzip');
  });

  it('go out as edited, without the coding and the length that they no longer have', async () => {
    const { request, response } = await edited((t) =>
      t.replace('"text":"price 10"', '"text":"price 1000"').replace('ask 1', 'ask 12'),
    );
    assert.equal(response?.body.bytesSync().toString(), 'price 1000');
    assert.deepEqual(response?.headers.toJSON(), [['X-Kept', '1']]);
    assert.equal(request.body.bytesSync().toString(), 'ask 12');
    assert.equal(request.headers.has('content-length'), false);
  });

  it('keep their coding when only a header was edited', async () => {
    const { response } = await edited((t) => t.replace('"X-Kept","value":"1"', '"X-Kept","value":"2"'));
    assert.equal(response?.headers.get('x-kept'), '2');
    assert.deepEqual(response?.body.bytesSync(), gzipSync('price 10'));
  });

  it('come from the charset that the size tells', async () => {
    const content = (text: string, size: number, mimeType = 'text/html') =>
      entry({ response: { content: { text, size, mimeType } } });
    const { flows } = await openForeign(
      path(),
      content('é', 1),
      content('é', 2, 'text/html; charset=iso-8859-1'),
      content('é', -1, 'text/html; charset=ISO-8859-1'),
      content('é€', 2),
    );
    assert.deepEqual(
      flows.map((f) => f.response?.body.bytesSync().toString('hex')),
      ['e9', 'c3a9', 'e9', 'c3a9e282ac'],
    );
  });

  it('are rebuilt from the fields of a form', async () => {
    const boundary = 'multipart/form-data; boundary=XX';
    const post = (mimeType: string, params: object[]) =>
      entry({
        request: {
          method: 'POST',
          headers: [
            { name: 'Content-Type', value: mimeType },
            { name: 'Content-Length', value: '50' },
          ],
          postData: { mimeType, text: '', params },
        },
      });
    const { flows } = await openForeign(
      path(),
      post('application/x-www-form-urlencoded', [{ name: 'a b', value: '1&2' }, { name: 'c' }]),
      post(boundary, [
        { name: 'a"b', value: '1' },
        { name: 'f', fileName: 'x.txt', contentType: 'text/plain', value: 'hi' },
      ]),
      post(boundary, [{ name: 'f', fileName: 'x.txt' }]),
      post('text/plain', []),
    );
    assert.equal(flows[0]?.request.body.bytesSync().toString(), 'a+b=1%262&c=');
    assert.equal(
      flows[1]?.request.body.bytesSync().toString(),
      '--XX\r\nContent-Disposition: form-data; name="a%22b"\r\n\r\n1\r\n' +
        '--XX\r\nContent-Disposition: form-data; name="f"; filename="x.txt"\r\nContent-Type: text/plain\r\n\r\nhi\r\n--XX--\r\n',
    );
    assert.deepEqual(
      flows.map((f) => f.unstored),
      [undefined, undefined, { request: true }, { request: true }],
    );
  });

  it('are not stored when they are no base64, no text or elsewhere', async () => {
    const content = (fields: object) => entry({ response: { content: { mimeType: '', ...fields } } });
    const { flows, warnings } = await openForeign(
      path(),
      content({ text: '!!!', encoding: 'base64' }),
      content({ text: { a: 1 } }),
      content({ _file: '../outside' }),
      content({ text: 'aGVs\nbG8=', encoding: 'base64' }),
    );
    assert.deepEqual(
      flows.map((f) => f.unstored?.response ?? false),
      [true, true, true, false],
    );
    assert.equal(flows[3]?.response?.body.bytesSync().toString(), 'hello');
    assert.equal(warnings.length, 3);
    assert.match(
      warnings[0]!,
      /entry 1 \(line \d+\) has a flaw: response: its body is marked base64 and is none; read as not stored$/,
    );
  });

  it('are not made up when the file changed after it was loaded', async () => {
    const file = path();
    const writer = openHarWriter(file, { append: false });
    writer.append(flow('http://h/'));
    writer.close();
    const { flows, close } = await openHar(file);
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, text.replace('answer to', '"ns"er to'));
    assert.throws(
      () => flows[0]?.response?.body.bytesSync(),
      /was changed since it was loaded; load it again/,
    );
    close();
  });
});
