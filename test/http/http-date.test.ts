import assert from 'node:assert/strict';
import fc from 'fast-check';
import { formatHttpDate, parseHttpDate } from '../../src/http/http-date';

const BIRTHDAY = Date.UTC(1994, 10, 6, 8, 49, 37);
const BILLION = Date.UTC(2020, 8, 13, 12, 26, 40);

describe('parseHttpDate', () => {
  const dates: Array<[string, number]> = [
    ['Sun, 06 Nov 1994 08:49:37 GMT', BIRTHDAY],
    ['Sunday, 06-Nov-94 08:49:37 GMT', BIRTHDAY],
    ['Sun Nov  6 08:49:37 1994', BIRTHDAY],
    ['Sun Nov 16 08:49:37 1994', BIRTHDAY + 10 * 86_400_000],
    ['Nov  6 08:49:37 1994', BIRTHDAY],
    ['Sun, 13-Sep-2020 12:26:40 GMT', BILLION],
    ['Sunday, 13-Sep-2020 12:26:40 GMT', BILLION],
    ['Sunday, 13-Sep-20 12:26:40 GMT', BILLION],
    ['13-Sep-2020', Date.UTC(2020, 8, 13)],
    ['13 Sep 2020 12:26:40 GMT', BILLION],
    ['Mon, 13 Sep 2020 12:26:40 GMT', BILLION],
    ['Sun, 13 Sep 2020 12:26:40', BILLION],
    ['Sun, 13 Sep 2020 14:26:40 +0200', BILLION],
    ['Sun, 13 Sep 2020 05:56:40 -0630', BILLION],
    ['Sun, 13 Sep 2020 12:26:40 -0000', BILLION],
    ['Sun, 13 Sep 2020 12:26:40 UTC', BILLION],
    ['Sun, 13 Sep 2020 07:26:40 EST', BILLION],
    ['Sun, 13 Sep 2020 08:26:40 EDT', BILLION],
    ['Sun, 13 Sep 2020 06:26:40 CST', BILLION],
    ['Sun, 13 Sep 2020 07:26:40 CDT', BILLION],
    ['Sun, 13 Sep 2020 05:26:40 MST', BILLION],
    ['Sun, 13 Sep 2020 06:26:40 MDT', BILLION],
    ['Sun, 13 Sep 2020 04:26:40 PST', BILLION],
    ['Sun, 13 Sep 2020 05:26:40 PDT', BILLION],
    ['  sun,13 sep 2020\t12:26:40 gmt ', BILLION],
    ['Thu, 1 Jan 1970 0:00:00 GMT', 0],
    ['Tue, 31 Dec 2069 00:00:00 GMT', Date.UTC(2069, 11, 31)],
    ['Monday, 31-Dec-68 00:00:00 GMT', Date.UTC(2068, 11, 31)],
    ['Wednesday, 01-Jan-69 00:00:00 GMT', Date.UTC(1969, 0, 1)],
    ['Friday, 31-Dec-99 00:00:00 GMT', Date.UTC(1999, 11, 31)],
    ['Saturday, 01-Jan-00 00:00:00 GMT', Date.UTC(2000, 0, 1)],
    ['Sat, 29 Feb 2020 00:00:00 GMT', Date.UTC(2020, 1, 29)],
    ['Sat, 31 Dec 2016 23:59:60 GMT', Date.UTC(2017, 0, 1)],
    ['Fri, 31 Dec 9999 23:59:59 GMT', Date.UTC(9999, 11, 31, 23, 59, 59)],
    ['Mon, 01 Jan 0001 00:00:00 GMT', Date.parse('0001-01-01T00:00:00Z')],
  ];
  for (const [text, ms] of dates) it(`reads ${text}`, () => assert.equal(parseHttpDate(text), ms));

  const others = [
    '0',
    '-1',
    '',
    ' ',
    '2020-09-13T12:26:40Z',
    '2020-09-13',
    '1600000000',
    'Thu, 31 Feb 2020 00:00:00 GMT',
    'Fri, 29 Feb 2019 00:00:00 GMT',
    'Sun, 00 Sep 2020 00:00:00 GMT',
    'Sun, 32 Jan 2020 00:00:00 GMT',
    'Sun, 13 Sep 2020 24:00:00 GMT',
    'Sun, 13 Sep 2020 12:60:00 GMT',
    'Sun, 13 Sep 2020 12:26:61 GMT',
    'Sun, 13 Sep 2020 12:26:40 +2400',
    'Sun, 13 Sep 2020 12:26:40 XYZ',
    'Sun, 13 Foo 2020 12:26:40 GMT',
    'Sun, 13 Sep 202 12:26:40 GMT',
    'Sun, 13 Sep 2020 12:26:40 GMT; Path=/',
    'Session',
    'never',
  ];
  for (const text of others) {
    it(`takes ${JSON.stringify(text)} for no date`, () => assert.equal(parseHttpDate(text), undefined));
  }

  it('reads back what formatHttpDate writes, to the second', () => {
    const first = Date.parse('0000-01-01T00:00:00Z');
    const last = Date.UTC(9999, 11, 31, 23, 59, 59, 999);
    fc.assert(
      fc.property(fc.integer({ min: first, max: last }), (ms) => {
        assert.equal(parseHttpDate(formatHttpDate(ms)), Math.floor(ms / 1000) * 1000);
      }),
    );
  });

  it('never throws, whatever the text', () => {
    const piece = fc.constantFrom(
      'Sun',
      ',',
      ' ',
      '-',
      'Sep',
      '13',
      '2020',
      '12:26:40',
      '99',
      'GMT',
      '+0200',
      '\0',
    );
    const text = fc.oneof(
      fc.string(),
      fc.array(piece, { maxLength: 14 }).map((pieces) => pieces.join('')),
    );
    fc.assert(
      fc.property(text, (input) => {
        const ms = parseHttpDate(input);
        assert.ok(ms === undefined || Number.isInteger(ms));
      }),
    );
  });

  it('gives up on a text that is longer than any date', () => {
    assert.equal(parseHttpDate(`Sun, ${' '.repeat(1_000_000)}06 Nov 1994 08:49:37 GMT`), undefined);
    assert.equal(parseHttpDate('1'.repeat(1_000_000)), undefined);
  });
});

describe('formatHttpDate', () => {
  it('writes an IMF-fixdate', () => {
    assert.equal(formatHttpDate(BIRTHDAY), 'Sun, 06 Nov 1994 08:49:37 GMT');
    assert.equal(formatHttpDate(BIRTHDAY + 999), 'Sun, 06 Nov 1994 08:49:37 GMT');
  });

  it('refuses what the form cannot express', () => {
    for (const ms of [NaN, Infinity, Date.UTC(10000, 0, 1), -1e15]) {
      assert.throws(() => formatHttpDate(ms), /between the years 0 and 9999/);
    }
  });
});
