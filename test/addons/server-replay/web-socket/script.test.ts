import assert from 'node:assert/strict';
import { scriptOf } from '../../../../addons/server-replay/web-socket/script';
import { messagesOf, webSocketEntry } from '../../../support/web-socket-client';

describe('the script of a recorded WebSocket', () => {
  it('has what the client says, and when the server says what', () => {
    const { expected, lines, end } = scriptOf(webSocketEntry(messagesOf('< a', '> b', '< c', '< d')));
    assert.deepEqual(
      expected.map(({ message, isOptional }) => [String(message.data), isOptional]),
      [['b', false]],
    );
    assert.deepEqual(
      lines.map(({ message, cue }) => [String(message.data), cue.after, cue.follows, cue.gap]),
      [
        ['a', 0, 'server', 10],
        ['c', 1, 'client', 10],
        ['d', 1, 'server', 10],
      ],
    );
    assert.equal(end, undefined);
  });

  it('ends where the server did, after all that the client said', () => {
    const close = { from: 'server' as const, code: 4000, reason: 'bye', time: 1050 };
    const { end } = scriptOf(webSocketEntry(messagesOf('< a', '> b'), { webSocketClose: close }));
    assert.deepEqual(end, { code: 4000, reason: 'bye', cue: { after: 1, follows: 'client', gap: 30 } });
    const { time: _time, ...timeless } = close;
    assert.equal(scriptOf(webSocketEntry(messagesOf('< a'), { webSocketClose: timeless })).end?.cue.gap, 0);
    const byClient = { ...close, from: 'client' as const };
    assert.equal(scriptOf(webSocketEntry([], { webSocketClose: byClient })).end, undefined);
  });

  it('breaks off where the recording does', () => {
    const webSocketClose = { from: 'client', code: 1000, reason: '' } as const;
    for (const broken of [{ error: 'reset' }, { incomplete: true }, { incomplete: true, webSocketClose }])
      assert.equal(scriptOf(webSocketEntry(messagesOf('> a'), broken)).end?.code, 1006);
  });

  it('never waits a negative time', () => {
    const [first, second] = messagesOf('> a', '< b');
    const { lines } = scriptOf(webSocketEntry([first!, { ...second!, time: 0 }]));
    assert.equal(lines[0]?.cue.gap, 0);
  });

  it('is what the two said, whatever addons did to it when it was recorded', () => {
    const [a, b, c, d] = messagesOf('> a', '> b', '< c', '< d') as [never, never, never, never];
    const script = scriptOf(
      webSocketEntry([
        { ...(a as object), dropped: true } as never,
        { ...(b as object), injected: true } as never,
        { ...(c as object), dropped: true } as never,
        { ...(d as object), injected: true } as never,
      ]),
    );
    assert.deepEqual(
      script.expected.map(({ isOptional }) => isOptional),
      [true, true],
    );
    assert.deepEqual(
      script.lines.map(({ message, cue }) => [String(message.data), cue.after]),
      [['c', 1]],
    );
  });
});
