import assert from 'node:assert/strict';
import { reasonPhrase } from '../../src/transport/reason-phrase';

describe('a reason phrase', () => {
  const phrase = (head: string, status = 200) => {
    const bytes = Buffer.from(head, 'latin1');
    const line = new RegExp(` ${status} (.*)\r\n`).exec(bytes.toString('utf8'));
    return reasonPhrase(line?.[1] ?? '', status, [bytes.subarray(0, 7), bytes.subarray(7)]);
  };

  it('keeps its bytes, whatever they mean', () => {
    for (const reason of ['OK', '', 'Sch\xf6n', 'Sch\xc3\xb6n', '\xff \xfe', 'is \xef\xbf\xbd'])
      assert.equal(phrase(`HTTP/1.1 200 ${reason}\r\nX: y\r\n\r\n`), reason);
  });

  it('is that of the response, not of an interim one before it', () => {
    const head = 'HTTP/1.1 103 Fr\xfch\r\n\r\nHTTP/1.0 404 Weg\xe4\r\n\r\nHTTP/1.1 404 \xe4\r\n';
    assert.equal(phrase(head, 404), 'Weg\xe4');
  });

  it('is what can be told when its bytes are not there', () => {
    assert.equal(reasonPhrase('Sch\ufffdn', 200, []), 'Sch\xef\xbf\xbdn');
  });
});
