import assert from 'node:assert/strict';
import { SetCookie } from 'replay-proxy';
import { refreshCookie, refreshDate, timeShift } from '../../../addons/response-refresh/move-dates';

const LINE = 'Wed, 01 Jan 2020 12:00:00 GMT';
const AT = Date.parse(LINE);

describe('a date of a recorded response', () => {
  it('is moved by whole seconds, in a cookie as in its line', () => {
    const shift = timeShift(AT, AT + 86_401_999);
    const moved = 'Thu, 02 Jan 2020 12:00:01 GMT';
    assert.equal(refreshDate(LINE, shift), moved);
    const cookie = SetCookie.parse(`a=1; Expires=${LINE}; Path=/`);
    assert.equal(String(refreshCookie(cookie, shift)), `a=1; Expires=${moved}; Path=/`);
  });
});
