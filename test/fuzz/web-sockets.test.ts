import assert from 'node:assert/strict';
import { Duplex } from 'node:stream';
import type { Socket } from 'node:net';
import { isUtf8 } from 'node:buffer';
import fc from 'fast-check';
import { isCloseCode } from '../../src/http/close-code';
import { WebSocketConnection } from '../../src/transport/web-socket-connection';
import { loadWs } from '../../src/transport/ws-parts';
import { byteChanges, changeBytes, fuzz, share } from '../support/fuzz';
import { closing, frame } from '../support/frames';

const LONGEST = 300;

type Frame = readonly [first: number, payload: string];

const text = fc.string({ maxLength: 40 });
const ping = fc.tuple(fc.constantFrom(0x89, 0x8a), fc.string({ maxLength: 20 }));
const message: fc.Arbitrary<Frame[]> = fc
  .tuple(
    fc.constantFrom(1, 2),
    fc.array(text, { minLength: 1, maxLength: 3 }),
    fc.option(ping, { nil: undefined }),
  )
  .map(([opcode, parts, between]) =>
    parts.flatMap((part, at) => {
      const isLast = at === parts.length - 1;
      const first = (at === 0 ? opcode : 0) | (isLast ? 0x80 : 0);
      return [[first, part] as const, ...(between && !isLast ? [between] : [])];
    }),
  );
const one = (frame: fc.Arbitrary<Frame>) => frame.map((alone) => [alone]);

/** Frames that a client may send, and some that it may not; then changed here and there. */
const frames = fc
  .array(
    fc.oneof(
      { weight: 12, arbitrary: message },
      { weight: 2, arbitrary: one(ping) },
      {
        weight: 1,
        arbitrary: one(
          fc.tuple(fc.constantFrom(0x82, 0x02), fc.constantFrom('x'.repeat(126), 'y'.repeat(200))),
        ),
      },
      {
        weight: 1,
        arbitrary: one(
          fc.tuple(
            fc.constant(0x88),
            fc.nat(5000).map((code) => closing(code, 'why').toString('latin1')),
          ),
        ),
      },
      { weight: 1, arbitrary: one(fc.tuple(fc.nat(255), fc.string({ maxLength: 5 }))) },
    ),
    { minLength: 1, maxLength: 6 },
  )
  .map((some) => some.flat());
const cases = fc.record({
  frames,
  changes: byteChanges(['\x81\x80', '\x88\x80', '\xff', '\0\0\0\0', '\xc1'], 2),
  cuts: fc.array(share, { maxLength: 4 }),
});

/** What RFC 6455 makes of the bytes: messages, and the end; `bad` for what has to be refused, 1006 where more should have come. */
function understood(bytes: Buffer): { messages: string[]; end: number | 'bad' } {
  const messages: string[] = [];
  let at = 0;
  let open: { opcode: number; parts: Buffer[]; size: number } | undefined;
  const result = (end: number | 'bad') => ({ messages, end });
  for (;;) {
    if (bytes.length - at < 2) return result(1006);
    const [first, second] = [bytes[at]!, bytes[at + 1]!];
    const [isFinal, opcode] = [first >= 0x80, first & 15];
    const isControl = opcode >= 8;
    if ((first & 0x70) !== 0 || opcode > 10 || (opcode > 2 && opcode < 8) || second < 0x80)
      return result('bad');
    if (!isControl && (opcode === 0) !== (open !== undefined)) return result('bad');
    const short = second & 127;
    if (isControl && (!isFinal || short > 125 || (opcode === 8 && short === 1))) return result('bad');
    const more = short === 126 ? 2 : short === 127 ? 8 : 0;
    if (bytes.length - at < 2 + more) return result(1006);
    const size =
      more === 0 ? short : more === 2 ? bytes.readUInt16BE(at + 2) : Number(bytes.readBigUInt64BE(at + 2));
    if (!isControl && (open?.size ?? 0) + size > LONGEST) return result('bad');
    const start = at + 2 + more + 4;
    if (bytes.length < start + size) return result(1006);
    const data = Buffer.from(bytes.subarray(start, start + size));
    for (let i = 0; i < size; i += 1) data[i]! ^= bytes[start - 4 + (i % 4)]!;
    at = start + size;
    if (opcode === 8) {
      if (size === 0) return result(1005);
      const code = data.readUInt16BE(0);
      return result(isCloseCode(code) && isUtf8(data.subarray(2)) ? code : 'bad');
    }
    if (isControl) continue;
    open ??= { opcode, parts: [], size: 0 };
    open.parts.push(data);
    open.size += size;
    if (!isFinal) continue;
    const whole = Buffer.concat(open.parts);
    if (open.opcode === 1 && !isUtf8(whole)) return result('bad');
    messages.push(`${open.opcode} ${whole.toString('latin1')}`);
    open = undefined;
  }
}

/** The part of a socket that a connection uses, without a network. */
function fakeSocket(): { socket: Socket; written: Buffer[] } {
  const written: Buffer[] = [];
  const socket = new Duplex({
    read() {},
    write: (chunk: Buffer, _encoding, done) => void (written.push(chunk), done()),
  });
  return {
    socket: Object.assign(socket, {
      setTimeout: () => {},
      setNoDelay: () => {},
      setKeepAlive: () => {},
    }) as never,
    written,
  };
}

describe('fuzzed WebSocket frames', () => {
  fuzz(
    'are read as RFC 6455 says, however they are cut',
    cases,
    async (one) => {
      const ws = await loadWs();
      const plain = Buffer.concat(
        one.frames.map(([first, text]) => frame(first, Buffer.from(text, 'latin1'))),
      );
      const bytes = changeBytes(plain, one.changes);
      // Before they are unmasked where they are.
      const expected = understood(bytes);
      const { socket, written } = fakeSocket();
      const peer = new WebSocketConnection(socket, {
        ...{ ws, as: 'server', extensions: {}, longest: LONGEST, closing: 1_000, now: () => 0 },
      });
      const cuts = [
        0,
        ...one.cuts.map((part) => Math.floor(part * bytes.length)).sort((a, b) => a - b),
        bytes.length,
      ];
      for (let i = 1; i < cuts.length; i += 1)
        if (cuts[i]! > cuts[i - 1]!) socket.push(bytes.subarray(cuts[i - 1], cuts[i]));
      socket.push(null);
      const messages: string[] = [];
      for await (const { opcode, data } of peer.messages)
        messages.push(`${opcode} ${data.toString('latin1')}`);
      const { code } = await peer.closed;
      peer.close(1006);
      socket.destroy();
      assert.deepEqual(messages, expected.messages);
      if (expected.end !== 'bad') assert.equal(code, expected.end);
      else {
        assert.ok([1002, 1007, 1009].includes(code), `${code}`);
        const last = Buffer.concat(written).toString('latin1');
        assert.ok(last.includes(String.fromCharCode(code >> 8, code & 255)), 'the client was not told');
      }
      return messages.length > 0;
    },
    { useful: 0.3 },
  );
});
