import assert from 'node:assert/strict';
import { once } from 'node:events';
import { asksByUnknownMethod, standInForMethod } from '../../src/transport/unknown-method';
import { closeSocketPairs, socketPair } from '../support/socket-pair';

describe('a method that Node does not know', () => {
  afterEach(closeSocketPairs);

  for (const line of [
    'BREW /pot HTTP/1.1\r\n',
    'X-Y_2 * HTTP/1.0\r\n',
    'FOO http://a.example/?x HTTP/1.1\r\nHost: a\r\n',
  ])
    it(`is told from ${JSON.stringify(line)}, and not before its end`, () => {
      assert.equal(asksByUnknownMethod(line), true);
      for (let end = 1; end <= line.indexOf('\n'); end += 1)
        assert.equal(asksByUnknownMethod(line.slice(0, end)), undefined, line.slice(0, end));
    });

  for (const text of [
    'get / HTTP/1.1\r\n',
    'EHLO mail.example\r\n',
    'EHLO host.example\r\n',
    'SSH-2.0-OpenSSH_9.2\r\n',
    'PING\r\n',
    'FOO / HTTP/2.0\r\n',
    'FOO / HTTP/1.1\n',
    'FOO  / HTTP/1.1\r\n',
    'PRI * HTTP/1.1\r\n',
    `FOO /${'a'.repeat(70_000)}`,
    `${'M'.repeat(40)} / HTTP/1.1\r\n`,
  ])
    it(`is not told from ${JSON.stringify(text.slice(0, 30))}`, () => {
      assert.equal(asksByUnknownMethod(text), false);
    });

  it('is stood in for, all else left as it came', async () => {
    const { ours, theirs } = await socketPair();
    theirs.write('BREW /pot HTTP/1.1\r\nHost: a\r\n\r\nBREW');
    await once(ours, 'readable');
    assert.equal(standInForMethod(ours), 'BREW');
    assert.equal(String(ours.read()), 'POST /pot HTTP/1.1\r\nHost: a\r\n\r\nBREW');
  });
});
