import assert from 'node:assert/strict';
import { deflateRawSync } from 'node:zlib';
import type { WebSocketPeer } from '../../src/core/web-socket';
import {
  WebSocketConnection,
  type WebSocketConnectionOptions,
} from '../../src/transport/web-socket-connection';
import { loadWs } from '../../src/transport/ws-parts';
import { closing, frame, FrameReader } from '../support/frames';
import { closeSocketPairs, socketPair } from '../support/socket-pair';

/** A connection and the raw socket at its other end. */
async function connection(options: Partial<WebSocketConnectionOptions> & { deflate?: boolean } = {}) {
  const { deflate, ...rest } = options;
  const ws = await loadWs();
  const { ours, theirs } = await socketPair();
  const longest = options.longest ?? 1024 * 1024;
  const compression = new ws.PerMessageDeflate({ isServer: true, maxPayload: longest });
  if (deflate) compression.accept([{}]);
  let broken = 0;
  const peer = new WebSocketConnection(ours, {
    ws,
    as: 'server',
    extensions: deflate ? { 'permessage-deflate': compression } : {},
    longest,
    closing: 1_000,
    now: () => 7,
    broken: () => (broken += 1),
    ...rest,
  });
  return { peer, ours, theirs, reader: new FrameReader(theirs), wasBroken: () => broken };
}

const LONG = Buffer.alloc(262_144);

/** Reads a peer to its end: its messages, then its goodbye. */
async function hearOut({ messages, closed }: WebSocketPeer, got: string[] = []): Promise<string[]> {
  for await (const { opcode, data } of messages) got.push(`${opcode} ${data.toString().slice(0, 50)}`);
  const { code, reason } = await closed;
  return [...got, `${code} ${reason}`.trim()];
}

describe('WebSocketConnection', () => {
  afterEach(closeSocketPairs);

  it('reads messages, whole and in fragments, between pings', async () => {
    const { peer, theirs, reader } = await connection();
    const heard = hearOut(peer);
    theirs.write(frame(0x81, 'text'));
    theirs.write(Buffer.concat([frame(0x02, 'bi'), frame(0x89, 'p'), frame(0x00, 'na'), frame(0x80, 'ry')]));
    theirs.write(frame(0x88, closing(4000, 'done')));
    assert.deepEqual(await heard, ['1 text', '2 binary', '4000 done']);
    assert.deepEqual(await reader.until(1), ['10 p']);
  });

  it('reads what comes byte by byte', async () => {
    const { peer, theirs } = await connection();
    const heard = hearOut(peer);
    for (const byte of Buffer.concat([frame(0x81, 'slow'), frame(0x88)])) {
      theirs.write(Buffer.from([byte]));
      await new Promise(setImmediate);
    }
    assert.deepEqual(await heard, ['1 slow', '1005']);
  });

  it('sends messages and pings, masked as a client only', async () => {
    for (const as of ['server', 'client'] as const) {
      const { peer, theirs, reader } = await connection({ as });
      let bytes = Buffer.alloc(0);
      theirs.on('data', (chunk: Buffer) => (bytes = Buffer.concat([bytes, chunk])));
      await peer.send({ opcode: 1, data: Buffer.from('hi') });
      peer.control('ping', Buffer.from('p'));
      await peer.send({ opcode: 2, data: Buffer.alloc(0) });
      assert.deepEqual(await reader.until(3), ['1 hi', '9 p', '2']);
      assert.equal((bytes[1]! & 128) !== 0, as === 'client');
    }
  });

  it('says goodbye, waits for the answer, and ends the connection', async () => {
    const { peer, theirs, reader, wasBroken } = await connection();
    const heard = hearOut(peer);
    peer.close(1001, 'away');
    await peer.send({ opcode: 1, data: Buffer.from('too late') });
    assert.deepEqual(await reader.until(1), ['8 1001 away']);
    theirs.write(frame(0x88, closing(1001)));
    assert.deepEqual(await heard, ['1001']);
    assert.deepEqual(await reader.until(2), ['8 1001 away', 'end']);
    assert.equal(wasBroken(), 0);
  });

  it('answers a goodbye when it is told to', async () => {
    const { peer, theirs, reader } = await connection();
    theirs.write(frame(0x88));
    assert.deepEqual(await hearOut(peer), ['1005']);
    assert.deepEqual(reader.frames, []);
    peer.close(1005);
    assert.deepEqual(await reader.until(2), ['8', 'end']);
  });

  it('ends the connection when the goodbye is not answered', async () => {
    const { peer, reader } = await connection({ closing: 20 });
    const heard = hearOut(peer);
    peer.close(1000);
    assert.deepEqual(await heard, ['1006']);
    assert.deepEqual(await reader.until(2), ['8 1000', 'end']);
  });

  it('cuts a reason to what a close frame can hold', async () => {
    const { peer, reader } = await connection();
    peer.close(1000, 'é'.repeat(100));
    assert.deepEqual(await reader.until(1), [`8 1000 ${'é'.repeat(61)}`]);
  });

  it('breaks off for 1006, and for codes that no frame can carry', async () => {
    for (const code of [1006, 1015, 0]) {
      const { peer, reader, wasBroken } = await connection();
      const heard = hearOut(peer);
      peer.close(code);
      assert.deepEqual(await heard, ['1006']);
      assert.deepEqual(await reader.until(1), ['end']);
      assert.equal(wasBroken(), 0);
    }
  });

  it('notices that the other side breaks off, orderly or not', async () => {
    for (const end of ['end', 'resetAndDestroy'] as const) {
      const { peer, theirs, wasBroken } = await connection();
      const heard = hearOut(peer);
      theirs.write(frame(0x81, 'last'));
      theirs.write(frame(0x81, 'half of', { length: 100 }));
      await new Promise((resolve) => setTimeout(resolve, 20));
      theirs[end]();
      assert.deepEqual(await heard, ['1 last', '1006']);
      assert.equal(wasBroken(), 1);
    }
  });

  it('hands pings and pongs on to another, and drops them where nobody reads', async () => {
    const [one, other] = [await connection(), await connection({ as: 'client' })];
    one.peer.relayControls(other.peer);
    void hearOut(one.peer);
    one.theirs.write(Buffer.concat([frame(0x89, 'there?'), frame(0x8a, 'here')]));
    assert.deepEqual(await other.reader.until(2), ['9 there?', '10 here']);
    assert.deepEqual(one.reader.frames, []);
    other.theirs.pause();
    for (let count = 0; count < 100_000; count += 1) other.peer.control('ping', Buffer.alloc(125));
    assert.ok(other.ours.writableLength < 512 * 1024, `${other.ours.writableLength} bytes wait`);
  });

  for (const [name, bytes, code] of [
    ['an unknown opcode', frame(0x83, 'x'), 1002],
    ['a reserved bit', frame(0xc1, 'x'), 1002],
    ['a frame that is not masked', frame(0x81, 'x', { masked: false }), 1002],
    ['a continuation of nothing', frame(0x80, 'x'), 1002],
    ['a message within another', Buffer.concat([frame(0x01, 'x'), frame(0x81, 'y')]), 1002],
    ['a ping in fragments', frame(0x09, 'x'), 1002],
    ['a ping that is too long', frame(0x89, 'x'.repeat(126)), 1002],
    ['a close frame with half a code', frame(0x88, 'x'), 1002],
    ['a close code that none may send', frame(0x88, closing(1005)), 1002],
    ['text that is no UTF-8', frame(0x81, Buffer.from([0xc3, 0x28])), 1007],
    ['a reason that is no UTF-8', frame(0x88, Buffer.concat([closing(1000), Buffer.from([0xff])])), 1007],
    ['a message over the limit', frame(0x82, 'x', { length: 1024 * 1024 + 1 }), 1009],
    [
      'a message of fragments over the limit',
      Buffer.concat([0x02, 0, 0, 0, 0].map((first) => frame(first, LONG))),
      1009,
    ],
    [
      'a length of 2⁶³',
      Buffer.concat([Buffer.from([0x82, 0xff, 0x80, 0, 0, 0, 0, 0, 0, 0]), Buffer.alloc(4)]),
      1009,
    ],
    [
      'endless empty fragments',
      Buffer.concat([frame(0x02), ...Array<Buffer>(70_000).fill(frame(0x00))]),
      1008,
    ],
  ] as const) {
    it(`ends with ${code} for ${name}`, async () => {
      const { peer, theirs, reader } = await connection();
      const heard = hearOut(peer);
      theirs.write(Buffer.concat([frame(0x81, 'good'), bytes, frame(0x81, 'after')]));
      const [first, goodbye] = await heard;
      assert.equal(first, '1 good');
      assert.match(goodbye!, new RegExp(`^${code} .`));
      const [told, ...rest] = await reader.until(2);
      assert.match(told!, new RegExp(`^8 ${code}`));
      assert.deepEqual(rest, ['end']);
    });
  }

  it('ends with 1009 for a bomb, with no more memory than the limit', async () => {
    const longest = 8 * 1024 * 1024;
    const { peer, theirs } = await connection({ deflate: true, longest });
    const bomb = deflateRawSync(Buffer.alloc(128 * 1024 * 1024));
    const used = () => process.memoryUsage().external;
    const before = used();
    let most = 0;
    const sampling = setInterval(() => (most = Math.max(most, used() - before)), 1);
    const heard = hearOut(peer);
    theirs.write(frame(0xc2, bomb));
    assert.match((await heard).join(), /^1009/);
    clearInterval(sampling);
    assert.ok(most < 3 * longest, `${Math.round(most / 1024)} KiB more`);
  });

  it('ends with 1007 for what is not compressed as it says', async () => {
    const { peer, theirs } = await connection({ deflate: true });
    theirs.write(frame(0xc2, Buffer.from([0xff, 0xff, 0xff, 0xff])));
    assert.match((await hearOut(peer)).join(), /^1007/);
  });

  it('reads and writes compressed messages', async () => {
    const { peer, theirs, ours } = await connection({ deflate: true });
    const packed = deflateRawSync('again and again and again');
    theirs.write(Buffer.concat([frame(0xc1, packed), frame(0x88)]));
    assert.deepEqual(await hearOut(peer), ['1 again and again and again', '1005']);
    const before = ours.bytesWritten;
    await peer.send({ opcode: 1, data: Buffer.alloc(100_000, 'a') });
    assert.ok(ours.bytesWritten - before < 1_000);
  });

  it('stops reading while its messages are not taken', async () => {
    const { peer, theirs } = await connection();
    const iterator = peer.messages[Symbol.asyncIterator]();
    const message = frame(0x82, Buffer.alloc(60_000));
    let sent = 0;
    let isFull = false;
    const pour = () => {
      while (!isFull && sent < 64 * 1024 * 1024) {
        sent += message.length;
        if (!theirs.write(message)) return void theirs.once('drain', pour);
      }
    };
    pour();
    await iterator.next();
    let last = -1;
    while (sent > last) {
      last = sent;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    isFull = true;
    assert.ok(sent < 16 * 1024 * 1024, `${sent} bytes were taken`);
    let count = 1;
    while (count * message.length < last - 8 * 1024 * 1024 && !(await iterator.next()).done) count += 1;
  });

  it('holds up who sends faster than the other side reads', async () => {
    const { peer, theirs, ours } = await connection();
    theirs.removeAllListeners('data').pause();
    let sent = 0;
    const done = (async () => {
      for (; sent < 1_000; sent += 1) await peer.send({ opcode: 2, data: Buffer.alloc(64 * 1024) });
    })();
    await new Promise((resolve) => setTimeout(resolve, 100));
    assert.ok(sent < 500, `${sent} messages were taken`);
    assert.ok(ours.writableLength < 1024 * 1024);
    theirs.resume();
    await done;
    assert.equal(sent, 1_000);
  });
});
