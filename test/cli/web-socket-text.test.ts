import assert from 'node:assert/strict';
import { webSocketJson, webSocketText } from '../../src/cli/web-socket-text';
import { messagesOf, webSocketEntry } from '../support/web-socket-client';

const [a, b] = messagesOf('> hi\u001b', '< x') as [never, never];
const bytes = { ...(b as object), opcode: 2, data: Buffer.from([0, 255]), dropped: true } as never;
const close = { from: 'client', code: 1000, reason: 'bye' } as const;

describe('a recorded WebSocket in words', () => {
  it('is its messages, from the handshake on, and its end', () => {
    assert.equal(
      webSocketText(webSocketEntry([a, bytes], { webSocketClose: close })),
      `WebSocket: 2 messages, 1 from the client; closed by the client, 1000 bye
> +10 ms 3 B: hi\\x1b
< +20 ms 2 B (kept back by an addon): binary 00 ff`,
    );
    assert.equal(
      webSocketText(webSocketEntry([])),
      'WebSocket: 0 messages, 0 from the client; its end is not known',
    );
  });

  it('is cut where it is long', () => {
    const text = webSocketText(
      webSocketEntry(messagesOf(...Array.from({ length: 23 }, () => `< ${'x'.repeat(500)}`))),
    );
    assert.match(text, /^… and 3 more$/m);
    assert.equal(text.split('\n').length, 22);
    assert.match(text, /x{200}…$/m);
    const long = { ...(bytes as object), data: Buffer.alloc(40), injected: true } as never;
    assert.match(
      webSocketText(webSocketEntry([long])),
      /made up by an addon, kept back by an addon\): binary (00 ){32}…$/,
    );
  });

  it('is whole for programs', () => {
    assert.deepEqual(webSocketJson(webSocketEntry([a, bytes], { webSocketClose: close })), {
      messages: [
        { from: 'client', at: '1970-01-01T00:00:01.010Z', opcode: 1, text: 'hi\u001b' },
        { from: 'server', dropped: true, at: '1970-01-01T00:00:01.020Z', opcode: 2, base64: 'AP8=' },
      ],
      close,
    });
    assert.equal(webSocketJson(webSocketEntry([])).close, null);
  });
});
