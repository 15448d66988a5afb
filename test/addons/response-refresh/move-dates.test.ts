import assert from 'node:assert/strict';
import { SetCookie } from 'replay-proxy';
import {
  movedCookie,
  refreshCookie,
  refreshDate,
  timeShift,
} from '../../../addons/response-refresh/move-dates';

const LINE = 'Wed, 01 Jan 2020 12:00:00 GMT';
const COOKIE = `a=1; Expires=${LINE}`;
const AT = Date.parse(LINE);

describe('a date of a recorded response', () => {
  it('is moved by each shift anew', () => {
    const moved = [0, 1_000, 86_400_000, 1_000].map((later) => {
      const shift = timeShift(AT, AT + later);
      return [refreshDate(LINE, shift), movedCookie(COOKIE, shift)];
    });
    const [same, second, day] = [LINE, 'Wed, 01 Jan 2020 12:00:01 GMT', 'Thu, 02 Jan 2020 12:00:00 GMT'];
    assert.deepEqual(
      moved,
      [same, second, day, second].map((date) => [date, `a=1; Expires=${date}`]),
    );
  });

  it('is moved in a cookie as in its line', () => {
    const shift = timeShift(AT, AT + 1_500);
    assert.equal(String(refreshCookie(SetCookie.parse(COOKIE), shift)), movedCookie(COOKIE, shift));
    assert.equal(movedCookie('a=1; Path=/', shift), 'a=1; Path=/');
  });
});
