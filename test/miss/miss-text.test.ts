import assert from 'node:assert/strict';
import type { Miss } from 'replay-proxy';
import { departureWords, missLine, missText } from '../../src/miss/miss-text';

const NOW = 1_000_000;
const base: Miss = {
  method: 'GET',
  url: 'http://shop.example/?a=7',
  session: '',
  reason: 'never recorded',
  sources: ['shop.har'],
  entries: 1,
  unfit: [],
  nearest: [],
};
const named = (number: number) => ({
  source: 'shop.har',
  number,
  method: 'GET',
  url: 'http://shop.example/',
});

describe('a miss in words', () => {
  it('of something never recorded', () => {
    assert.equal(missLine(base), 'never recorded');
    assert.equal(
      missText(base, NOW),
      'nothing recorded answers GET http://shop.example/?a=7\nnever recorded: none of 1 entry of shop.har matches, or comes near\n',
    );
  });

  it('tells what is nearest, and what to add', () => {
    const miss: Miss = {
      ...base,
      session: 'checkout',
      nearest: [
        {
          entry: named(2),
          isUsed: true,
          differences: [
            { facet: 'query.a', asked: '7', recorded: '1', changedBy: ['Mine'] },
            { facet: 'query.long', asked: '' },
          ],
          more: 3,
        },
      ],
      remedy: { ignore: ['query.a'], flags: '--ignore query.a', config: "replay: { ignore: ['query.a'] }" },
    };
    assert.equal(
      missLine(miss),
      'never recorded; nearest is #2 of shop.har: query.a is 7, recorded 1, and 4 more',
    );
    assert.equal(
      missText(miss, NOW),
      `nothing recorded answers GET http://shop.example/?a=7 (session checkout)
never recorded: none of 1 entry of shop.har matches

nearest:
  #2 of shop.har GET http://shop.example/ (used)
    query.a      asked 7   recorded 1   (changed by addon Mine)
    query.long   asked (empty)   recorded (none)
    and 3 more

to make the nearest match, add
  --ignore query.a
or, in replay.config.ts,
  replay: { ignore: ['query.a'] }
`,
    );
  });

  it('of something used up', () => {
    const used = { count: 4, entries: [1, 2, 3].map(named), lastUsedAt: NOW - 4_200 };
    const miss: Miss = { ...base, reason: 'used up', used };
    assert.equal(missLine(miss), 'used up: all 4 entries that match have answered already');
    assert.match(
      missText(miss, NOW),
      /^used: #1 of shop\.har, #2 of shop\.har, #3 of shop\.har, and 1 more; last used at \d\d:\d\d:\d\d, 4\.2 s ago$/m,
    );
    const one: Miss = { ...base, reason: 'used up', used: { count: 1, entries: [named(1)] } };
    assert.match(missText(one, NOW), /^used: #1 of shop\.har$/m);
    assert.equal(missLine(one), 'used up: the entry that matches has answered already');
  });

  it('of something that cannot answer, and of something declined', () => {
    const unfit = [{ entry: named(3), why: 'its body was not stored', advice: 'record it again' }];
    const miss: Miss = { ...base, reason: 'no candidate', unfit };
    assert.equal(missLine(miss), '#3 of shop.har matches, but its body was not stored');
    assert.match(
      missText(miss, NOW),
      /^#3 of shop\.har GET \S+\n {4}its body was not stored; record it again$/m,
    );
    const declined: Miss = { ...base, reason: 'declined', declinedBy: 'Mine' };
    assert.equal(missLine(declined), 'addon Mine declined the entries that match');
    assert.match(missText(declined, NOW), /^declined: addon Mine wanted none of the entries that match$/m);
  });

  it('lets no control character out', () => {
    const difference = { facet: 'query.a', asked: '\x1b[2J', recorded: 'x\ny' };
    const near = { entry: named(1), isUsed: false, differences: [difference], more: 0 };
    const miss: Miss = { ...base, url: 'http://h/\x1b', nearest: [near] };
    // eslint-disable-next-line no-control-regex -- control characters are what it looks for
    assert.doesNotMatch(missLine(miss) + missText(miss, NOW).replaceAll('\n', ''), /[\x00-\x1f]/);
  });

  describe('of a client that departed from a recorded WebSocket', () => {
    const departed = (
      departure: Omit<NonNullable<Miss['departure']>, 'entry' | 'of'>,
      nearest: Miss['nearest'] = [],
    ) => ({
      ...base,
      reason: 'departed' as const,
      departure: { entry: named(2), of: 2, ...departure },
      nearest,
    });
    const differences = [{ facet: 'body.a', asked: '7\u001b', recorded: '1' }];
    const near = { entry: named(2), isUsed: false, differences, more: 0 };

    it('names the message and what it is instead', () => {
      const place = 'departed from #2 of shop.har: ';
      const lines = [
        missLine(departed({ how: 'unlike', message: 1 }, [near])),
        missLine(departed({ how: 'unlike', message: 1, equals: 2 }, [near])),
        missLine(departed({ how: 'one too many', message: 3 })),
        missLine(departed({ how: 'left early', message: 2 })),
      ];
      assert.deepEqual(lines, [
        `${place}message 1 of 2 is not the recorded one: body.a is 7\\x1b, recorded 1`,
        `${place}message 1 is the recorded message 2`,
        `${place}message 3 is one too many, 2 are recorded`,
        `${place}the client left before message 2 of 2`,
      ]);
      assert.equal(departureWords(base), '');
    });

    it('is told whole', () => {
      assert.equal(
        missText(departed({ how: 'left early', message: 2 }, [{ ...near, differences: [] }])),
        `the client of the recorded WebSocket departed from it: GET http://shop.example/?a=7
departed: the client left before message 2 of 2

recorded there:
  #2 of shop.har GET http://shop.example/
`,
      );
    });
  });
});
