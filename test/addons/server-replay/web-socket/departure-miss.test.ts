import assert from 'node:assert/strict';
import { missLine, missText, type RecordedFlow } from 'replay-proxy';
import { Policies } from '../../../../addons/server-replay/policy';
import { explainDeparture } from '../../../../addons/server-replay/web-socket/departure-miss';
import type { Departure } from '../../../../addons/server-replay/web-socket/play';
import { scriptOf } from '../../../../addons/server-replay/web-socket/script';
import { messagesOf, webSocketEntry } from '../../../support/web-socket-client';

function missOf(
  entry: RecordedFlow,
  how: Departure['how'],
  index: number,
  said?: string | Buffer,
  ignore = ['port'],
) {
  const script = scriptOf(entry);
  const message = said === undefined ? {} : { message: liveOf(said) };
  return explainDeparture({
    entry,
    script,
    departure: { how, index, ...message },
    request: entry.request,
    session: 'a',
    policy: new Policies({ headers: ['cookie'], ignore, reuse: 'never', rules: [] }).general,
    comparison: { ignore },
    ignore,
    sources: ['shop.har'],
    entries: 3,
    isSame: ({ data }, place) => script.expected[place]!.message.data.equals(data),
  });
}

const liveOf = (said: string | Buffer) => ({
  opcode: typeof said === 'string' ? (1 as const) : (2 as const),
  data: Buffer.from(said as string),
  time: 0,
});
const numbered = (...lines: string[]) => webSocketEntry(messagesOf(...lines), { number: 2 });

describe('the miss of a client that departs from a recorded WebSocket', () => {
  it('tells what differs, and what to ignore', () => {
    const miss = missOf(numbered('> {"a":1,"b":[1]}'), 'unlike', 0, '{"a":2,"b":[]}');
    assert.equal(
      missLine(miss),
      'departed from #2 of shop.har: message 1 of 1 is not the recorded one: body.a is 2, recorded 1, and 2 more',
    );
    assert.equal(
      missText(miss),
      `the client of the recorded WebSocket departed from it: GET http://shop.example/chat (session a)
departed: message 1 of 1 is not the recorded one: body.a is 2, recorded 1, and 2 more

recorded there:
  #2 of shop.har GET http://shop.example/chat
    body.a     asked 2   recorded 1
    body.b     asked []   recorded (none)
    body.b.0   asked (none)   recorded 1

to make it match, add
  --ignore port --ignore body.a --ignore body.b
or, in replay.config.ts,
  replay: { ignore: ['port', 'body.a', 'body.b'] }
`,
    );
  });

  it('shows texts that have no parts, and how long bytes are', () => {
    const text = missOf(numbered('> hello'), 'unlike', 0, 'hallo');
    assert.deepEqual(text.nearest[0]?.differences, [{ facet: 'body', asked: 'hallo', recorded: 'hello' }]);
    assert.equal(text.remedy?.flags, '--ignore port --ignore body');
    const kinds = missOf(numbered('> {"a":1}'), 'unlike', 0, 'no JSON');
    assert.ok(
      kinds.nearest[0]?.differences.some(({ facet, asked }) => facet === 'body' && asked === 'no JSON'),
    );
    const bytes = { ...messagesOf('> x')[0]!, opcode: 2, data: Buffer.from([255, 254]) };
    const binary = missOf(webSocketEntry([bytes]), 'unlike', 0, Buffer.from([253]));
    assert.deepEqual(binary.nearest[0]?.differences, [
      { facet: 'body', asked: '(1 bytes)', recorded: '(2 bytes)' },
    ]);
  });

  it('tells text from binary, which nothing makes equal', () => {
    const miss = missOf(numbered('> x'), 'unlike', 0, Buffer.from('x'));
    assert.deepEqual(miss.nearest[0]?.differences, [{ facet: 'type', asked: 'binary', recorded: 'text' }]);
    assert.equal(miss.remedy, undefined);
  });

  it('tells what came too early', () => {
    const miss = missOf(numbered('> a', '> b', '> c'), 'unlike', 0, 'c');
    assert.equal(miss.departure?.equals, 3);
    assert.equal(missLine(miss), 'departed from #2 of shop.har: message 1 is the recorded message 3');
    assert.equal(miss.remedy, undefined);
  });

  it('tells what is one too many, and what is missing', () => {
    const more = missOf(numbered('> a'), 'one too many', 1, 'b');
    assert.equal(missLine(more), 'departed from #2 of shop.har: message 2 is one too many, 1 is recorded');
    assert.deepEqual(more.nearest[0]?.differences, [{ facet: 'body', asked: 'b' }]);
    const less = missOf(numbered('> a', '> {"b":1}'), 'left early', 1);
    assert.equal(missLine(less), 'departed from #2 of shop.har: the client left before message 2 of 2');
    assert.deepEqual(less.nearest[0]?.differences, [{ facet: 'body.b', recorded: '1' }]);
    assert.deepEqual([more.remedy, less.remedy], [undefined, undefined]);
  });
});
