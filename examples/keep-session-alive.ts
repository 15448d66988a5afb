import { formatHttpDate, parseHttpDate, ResponseRefresh, type MitmProxy } from 'replay-proxy';

const HOUR = 3_600_000;

/** Lets the default move the `session` cookie's expiry, then sees to it that at least an hour is left. */
export default function keepSessionAlive(proxy: MitmProxy): void {
  ResponseRefresh.hooks(proxy).cookie.tap('KeepSessionAlive', (cookie, { now }) => {
    const expires = parseHttpDate(cookie.get('expires') ?? '');
    if (cookie.name !== 'session' || expires === undefined || expires >= now + HOUR) return cookie;
    return cookie.with('expires', formatHttpDate(now + HOUR));
  });
}
