import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Flow, Miss, RecordedFlow, RecordedWebSocketMessage } from 'replay-proxy';
import { Policies } from '../../../../addons/server-replay/policy';
import { type ServeOptions, servingOf } from '../../../../addons/server-replay/web-socket/serve';
import { MemoryClient, messagesOf, webSocketEntry } from '../../../support/web-socket-client';

interface Served {
  readonly client: MemoryClient;
  readonly served: Promise<void>;
  readonly miss: () => Miss | undefined;
}

/** The server of `entry`, once more; `hears` is called after each of its messages. */
function serving(
  entry: RecordedFlow,
  { ignore = [], ...more }: { ignore?: string[] } & Partial<ServeOptions> = {},
  hears?: (client: MemoryClient) => void,
): Served {
  const client = new MemoryClient(hears);
  let explain: (() => Miss) | undefined;
  let miss: Miss | undefined;
  const flow = {
    request: entry.request,
    session: '',
    explainMiss: (how: () => Miss) => (explain = how),
    get miss() {
      return (miss ??= explain?.());
    },
  } as unknown as Flow;
  const options: ServeOptions = {
    speed: 0,
    policy: new Policies({ headers: [], ignore, reuse: 'never', rules: [] }).general,
    ignore,
    sources: ['shop.har'],
    entries: 1,
    matchMessage: undefined,
    overheard: { isEndedHere: () => false, asSaid: (client) => client },
    ...more,
  };
  return { client, served: servingOf(entry, options)(client, flow), miss: () => flow.miss };
}

async function told(entry: RecordedFlow, says: string[], options: Parameters<typeof serving>[1] = {}) {
  const { client, served, miss } = serving(entry, options);
  says.forEach((text) => client.say(text));
  await served;
  return { client, miss: miss() };
}

const place = (number: number) => `#${number} of shop.har`;

describe('a recorded WebSocket', () => {
  it('ends with 1011 for who departs from it, and says where and why', async () => {
    const entry = webSocketEntry(messagesOf('> {"hi":1}', '> {"user":{"id":1},"n":1}', '< no'));
    const { client, miss } = await told(entry, ['{"hi":1}', '{"user":{"id":7},"n":1}']);
    assert.deepEqual(client.goodbye, {
      code: 1011,
      reason: 'message 2 of 2 is not the recorded one: body.user.id is 7, recorded 1',
    });
    assert.deepEqual(client.heard, []);
    assert.equal(miss?.reason, 'departed');
    const { source, number, method } = miss.departure!.entry;
    assert.deepEqual([source, number, method], ['shop.har', entry.number, 'GET']);
    assert.deepEqual(miss.nearest[0]?.differences, [{ facet: 'body.user.id', asked: '7', recorded: '1' }]);
    assert.equal(miss.remedy?.flags, '--ignore body.user.id');
    const again = await told(entry, ['{"hi":1}', '{"user":{"id":7},"n":1}', 'x'], {
      ignore: miss.remedy.ignore as string[],
    });
    assert.equal(
      again.client.goodbye?.reason,
      'message 3 is one too many, 2 are recorded',
      'the remedy helps',
    );
    assert.deepEqual(again.client.texts, ['no']);
  });

  it('ignores what was taken out when it was recorded', async () => {
    const entry = webSocketEntry(messagesOf('> {"token":"redacted","a":1}'), {
      redacted: ['body.token'],
      webSocketClose: { from: 'server', code: 1000, reason: '' },
    });
    assert.equal((await told(entry, ['{"token":"SECRET","a":1}'])).miss, undefined);
    assert.equal(
      (await told(entry, ['{"token":"SECRET","a":2}'])).miss?.nearest[0]?.differences[0]?.facet,
      'body.a',
    );
  });

  it('lets addons say what is the same', async () => {
    const entry = webSocketEntry(messagesOf('> a', '> b'), {
      webSocketClose: { from: 'server', code: 1000, reason: '' },
    });
    const matchMessage = {
      call: ({ data }: { data: Buffer }, recorded: RecordedWebSocketMessage) =>
        data.toString() === 'A' ? recorded.data.toString() === 'a' : undefined,
    } as never;
    assert.equal((await told(entry, ['A', 'b'], { matchMessage })).miss, undefined);
    assert.ok((await told(entry, ['A', 'B'], { matchMessage })).miss);
  });

  describe('whose client closes early', () => {
    const entry = webSocketEntry(messagesOf('> a', '> b'));
    const closed = async (code: number, isEndedHere = false) => {
      const { client, served, miss } = serving(entry, {
        overheard: { isEndedHere: () => isEndedHere, asSaid: (same) => same },
      });
      client.say('a');
      client.leave(code);
      await served;
      assert.equal(client.goodbye, undefined);
      return miss()?.departure;
    };

    it('is departed from, in so many words', async () => {
      const departure = await closed(1000);
      assert.deepEqual([departure?.how, departure?.message, departure?.of], ['left early', 2, 2]);
    });

    it('is not when that one went away, broke off, or the proxy ended it', async () => {
      assert.deepEqual(
        [await closed(1001), await closed(1006), await closed(1000, true)],
        [undefined, undefined, undefined],
      );
    });
  });

  it('keeps its reason to what a close frame can hold', async () => {
    const { client } = await told(webSocketEntry(messagesOf(`> ${'ä'.repeat(300)}`)), [
      'ö\u0007'.repeat(300),
    ]);
    const { reason } = client.goodbye!;
    assert.ok(Buffer.byteLength(reason) <= 123 && Buffer.byteLength(reason) > 115, reason);
    assert.match(reason, /^message 1 of 1 is not the recorded one: body is ö.*…$/);
    // eslint-disable-next-line no-control-regex -- what a terminal would obey
    assert.doesNotMatch(reason, /[\x00-\x1f\ufffd]/);
  });

  const conversation = fc.record({
    messages: fc.array(
      fc.record({
        from: fc.constantFrom('client' as const, 'server' as const),
        opcode: fc.constantFrom(1, 2),
        data: fc
          .oneof(fc.json({ maxDepth: 2 }), fc.string({ unit: 'binary', maxLength: 20 }))
          .map((text) => Buffer.from(text)),
        time: fc.integer({ min: 0, max: 1e9 }),
      }),
      { maxLength: 12 },
    ),
    close: fc.record({
      from: fc.constantFrom('client' as const, 'server' as const),
      code: fc.constantFrom(1000, 1005, 3000, 4999),
      reason: fc.constantFrom('', 'bye'),
    }),
    isEager: fc.boolean(),
  });

  /** A client that says `says`: at once, or each when it has heard what the recorded one had. */
  function playing(entry: RecordedFlow, says: readonly RecordedWebSocketMessage[], isEager: boolean) {
    const { webSocket = [], webSocketClose: close } = entry;
    const turns = webSocket.flatMap(({ from }, i) =>
      from === 'client' ? [webSocket.slice(0, i).filter((one) => one.from === 'server').length] : [],
    );
    const server = webSocket.filter(({ from }) => from === 'server');
    let said = 0;
    const talk = (client: MemoryClient) => {
      while (said < says.length && (isEager || client.heard.length >= (turns[said] ?? 0))) {
        const { data, opcode } = says[said]!;
        said += 1;
        client.say(data, opcode);
      }
      if (close?.from === 'client' && said === says.length && client.heard.length === server.length)
        client.leave(close.code, close.reason);
    };
    const result = serving(entry, {}, talk);
    talk(result.client);
    return { ...result, server };
  }

  it('is played to its recorded end for whoever says what was recorded', async () => {
    await fc.assert(
      fc.asyncProperty(conversation, async ({ messages, close, isEager }) => {
        const entry = webSocketEntry(messages, { webSocketClose: close });
        const mine = messages.filter(({ from }) => from === 'client');
        const { client, served, miss, server } = playing(entry, mine, isEager);
        await served;
        assert.equal(miss(), undefined);
        assert.deepEqual(
          client.heard,
          server.map(({ opcode, data }) => ({ opcode, data })),
        );
        const { code, reason } = close;
        assert.deepEqual(client.goodbye, close.from === 'server' ? { code, reason } : undefined);
      }),
      { numRuns: 200 },
    );
  });

  it('ends with 1011 and a miss that names it for any single change', async () => {
    await fc.assert(
      fc.asyncProperty(
        conversation,
        fc.nat(),
        fc.constantFrom('said', 'type', 'twice'),
        async (given, nth, how) => {
          const entry = webSocketEntry(given.messages, { webSocketClose: given.close });
          const mine = given.messages.filter(({ from }) => from === 'client');
          fc.pre(mine.length > 0);
          const place = nth % mine.length;
          const one = mine[place]!;
          const changed =
            how === 'said'
              ? { ...one, data: Buffer.concat([one.data, Buffer.from('!')]) }
              : { ...one, opcode: one.opcode === 1 ? (2 as const) : (1 as const) };
          const unheard = { ...one, data: Buffer.from('never recorded') };
          const says = how === 'twice' ? mine.toSpliced(place, 0, unheard) : mine.with(place, changed);
          const { client, served, miss } = playing(entry, says, true);
          await served;
          assert.equal(client.goodbye?.code, 1011);
          assert.match(client.goodbye.reason, new RegExp(`^message ${place + 1} `));
          const { how: kind, message, of } = miss()!.departure!;
          assert.deepEqual([kind, message, of], ['unlike', place + 1, mine.length]);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('is named in the report of the miss', async () => {
    const entry = webSocketEntry([]);
    const { miss } = await told(entry, ['x']);
    assert.equal(
      `#${miss!.departure!.entry.number} of ${miss!.departure!.entry.source}`,
      place(entry.number),
    );
  });
});
