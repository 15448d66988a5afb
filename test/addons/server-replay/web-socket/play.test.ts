import assert from 'node:assert/strict';
import { type PlayOptions, play } from '../../../../addons/server-replay/web-socket/play';
import { scriptOf } from '../../../../addons/server-replay/web-socket/script';
import { MemoryClient, messagesOf, webSocketEntry } from '../../../support/web-socket-client';

/** A clock that only sleeping moves on. */
function playing(lines: string[], rest: Parameters<typeof webSocketEntry>[1] = {}, speed = 0) {
  const script = scriptOf(webSocketEntry(messagesOf(...lines), rest));
  let now = 0;
  const slept: number[] = [];
  const options: PlayOptions = {
    speed,
    isSame: ({ data }, index) => script.expected[index]!.message.data.equals(data),
    now: () => now,
    sleep: async (milliseconds) => {
      slept.push(milliseconds);
      await settled();
      now += milliseconds;
    },
  };
  const at: number[] = [];
  const client = new MemoryClient(() => at.push(now));
  return { client, slept, at, played: play(client, script, options), pass: (ms: number) => (now += ms) };
}

const settled = () => new Promise<void>((resolve) => setImmediate(resolve));
const byServer = (time: number) => ({
  webSocketClose: { from: 'server' as const, code: 4000, reason: 'bye', time },
});

describe('playing a script', () => {
  it('says each message when what came before it has arrived', async () => {
    const { client, played } = playing(['< a', '> b', '< c', '> d', '> e', '< f'], byServer(0));
    await settled();
    assert.deepEqual(client.texts, ['a']);
    client.say('b');
    await settled();
    assert.deepEqual(client.texts, ['a', 'c']);
    client.say('d');
    await settled();
    assert.deepEqual([client.texts, client.goodbye], [['a', 'c'], undefined]);
    client.say('e');
    assert.equal(await played, undefined);
    assert.deepEqual([client.texts, client.goodbye], [['a', 'c', 'f'], { code: 4000, reason: 'bye' }]);
  });

  it('does not mind a client that is ahead', async () => {
    const { client, played } = playing(['< a', '> b', '< c', '> d'], byServer(0));
    client.say('b');
    client.say('d');
    assert.equal(await played, undefined);
    assert.deepEqual([client.texts, client.goodbye?.code], [['a', 'c'], 4000]);
  });

  it('waits for the client to close what the client has closed, or nobody knows', async () => {
    for (const rest of [{}, { webSocketClose: { from: 'client' as const, code: 1000, reason: '' } }]) {
      const { client, played } = playing(['> a', '< b'], rest);
      client.say('a');
      await settled();
      assert.deepEqual([client.texts, client.goodbye], [['b'], undefined]);
      client.leave();
      assert.equal(await played, undefined);
      assert.equal(client.goodbye, undefined);
    }
  });

  it('gives the departure of a client that says something else, nothing behind it', async () => {
    const { client, played } = playing(['> a', '< b', '> c', '< d']);
    client.say('a');
    client.say('x');
    const departure = await played;
    assert.deepEqual(
      [departure?.how, departure?.index, String(departure?.message?.data)],
      ['unlike', 1, 'x'],
    );
    await settled();
    assert.deepEqual([client.texts, client.goodbye], [['b'], undefined]);
  });

  it('gives that of one that goes on after all, and of one that leaves before', async () => {
    const more = playing(['> a']);
    more.client.say('a');
    more.client.say('a');
    assert.deepEqual((await more.played)?.how, 'one too many');
    const less = playing(['> a', '> b']);
    less.client.say('a');
    less.client.leave();
    assert.deepEqual(await less.played, { how: 'left early', index: 1 });
  });

  it('lets a client go that has said all, whatever the server still had to say', async () => {
    const { client, played } = playing(['> a', '< b', '< c'], byServer(5000), 1);
    client.say('a');
    client.leave();
    assert.equal(await played, undefined);
  });

  it('does not judge what crosses its goodbye', async () => {
    const { client, played } = playing(['< a'], byServer(0));
    await settled();
    client.say('too late');
    assert.equal(await played, undefined);
  });

  it('lets the client leave out what an addon had to do with', async () => {
    const [a, b, c] = messagesOf('> a', '> b', '< c');
    const script = scriptOf(webSocketEntry([{ ...a!, dropped: true }, { ...b!, injected: true }, c!]));
    const isSame: PlayOptions['isSame'] = ({ data }, index) =>
      script.expected[index]!.message.data.equals(data);
    const options: PlayOptions = { speed: 0, isSame, now: () => 0, sleep: settled };
    for (const said of [[], ['a'], ['b'], ['a', 'b']]) {
      const client = new MemoryClient();
      const played = play(client, script, options);
      said.forEach((text) => client.say(text));
      await settled();
      assert.deepEqual(client.texts, ['c']);
      client.leave();
      assert.equal(await played, undefined, said.join());
    }
    const client = new MemoryClient();
    const played = play(client, script, options);
    ['b', 'a'].forEach((text) => client.say(text));
    assert.equal((await played)?.how, 'one too many');
  });

  it('throws what comparing throws', async () => {
    const { expected, ...rest } = scriptOf(webSocketEntry(messagesOf('> a')));
    const client = new MemoryClient();
    const isSame = () => {
      throw new Error('mine');
    };
    const played = play(client, { expected, ...rest }, { speed: 0, isSame, now: () => 0, sleep: settled });
    client.say('a');
    await assert.rejects(played, /mine/);
  });

  describe('keeps time', () => {
    it('at once with speed 0', async () => {
      const { client, slept, played } = playing(['< a', '< b'], byServer(9000));
      await played;
      assert.deepEqual([client.texts, slept], [['a', 'b'], []]);
    });

    for (const [speed, at] of [
      [1, [10, 20, 60]],
      [2, [5, 10, 30]],
      [0.5, [20, 40, 120]],
    ] as const) {
      it(`by the recorded gaps at speed ${speed}`, async () => {
        const { played, at: heard } = playing(['< a', '< b'], byServer(1060), speed);
        await played;
        assert.deepEqual(heard, at);
      });
    }

    it('from the arrival of the client message right before', async () => {
      const { client, played, at, pass } = playing(['> a', '< b', '< c'], byServer(1030), 1);
      await settled();
      pass(500);
      client.say('a');
      await played;
      assert.deepEqual(at, [510, 520, 520]);
    });

    it('from when it should have said what came before, not from when a late timer let it', async () => {
      const script = scriptOf(webSocketEntry(messagesOf('< a', '< b', '< c'), byServer(1040)));
      let now = 0;
      const at: number[] = [];
      const client = new MemoryClient(() => at.push(now));
      const sleep = async (ms: number) => void (now += ms + 3);
      await play(client, script, { speed: 1, isSame: () => true, now: () => now, sleep });
      assert.deepEqual(at, [13, 23, 33, 43]);
    });

    it('and stops waiting when the client is gone', async () => {
      const script = scriptOf(webSocketEntry(messagesOf('< a'), byServer(1e9)));
      let signal: AbortSignal | undefined;
      const client = new MemoryClient();
      const sleep = (_ms: number, given: AbortSignal) => {
        signal = given;
        return new Promise<void>((_resolve, reject) =>
          given.addEventListener('abort', () => reject(given.reason as Error)),
        );
      };
      const played = play(client, script, { speed: 1, isSame: () => true, now: () => 0, sleep });
      await settled();
      client.leave();
      assert.equal(await played, undefined);
      assert.equal(signal?.aborted, true);
      await settled();
      assert.deepEqual(client.texts, []);
    });
  });
});
