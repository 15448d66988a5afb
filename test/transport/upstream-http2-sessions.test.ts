import assert from 'node:assert/strict';
import type { Http2Session } from '../../src/transport/upstream-http2-session';
import { Http2Sessions } from '../../src/transport/upstream-http2-sessions';

class Fake {
  booked = 0;
  closed = 0;
  gone = (): void => {};

  constructor(readonly room: number) {}

  get hasRoom(): boolean {
    return this.booked < this.room;
  }

  book(): void {
    this.booked += 1;
  }

  onGone(gone: () => void): void {
    this.gone = gone;
  }

  async close(): Promise<void> {
    this.closed += 1;
    this.gone();
  }
}

describe('Http2Sessions', () => {
  const sessions = new Http2Sessions();
  const add = (origin: string, room: number) => {
    const fake = new Fake(room);
    // They need no more of a connection than this.
    const session = fake as unknown as Http2Session & Fake;
    sessions.add(origin, session);
    return session;
  };
  afterEach(() => sessions.close());

  it('take places where there is room, of the same origin only', () => {
    const [first, second] = [add('https://a', 1), add('https://a', 2)];
    add('https://b', 9);
    const taken = [1, 2, 3, 4].map(() => sessions.take('https://a'));
    assert.deepEqual(taken, [first, second, second, undefined]);
    assert.deepEqual([first.booked, second.booked], [1, 2]);
    assert.equal(sessions.take('https://c'), undefined);
  });

  it('forget what is closed, and close the rest, once', async () => {
    const [gone, left] = [add('https://a', 9), add('https://a', 9)];
    gone.gone();
    assert.equal(sessions.take('https://a'), left);
    await sessions.close();
    await sessions.close();
    assert.deepEqual([gone.closed, left.closed], [0, 1]);
    assert.equal(sessions.take('https://a'), undefined);
  });
});
