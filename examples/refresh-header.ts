import { ResponseRefresh, type MitmProxy } from 'replay-proxy';

/** Moves the ISO date in `x-expires-at` along with the dates that HTTP knows. */
export default function refreshExpiresAt(proxy: MitmProxy): void {
  ResponseRefresh.hooks(proxy)
    .header.for('x-expires-at')
    .tap('RefreshExpiresAt', (value, { delta }) => {
      const date = Date.parse(value);
      return Number.isNaN(date) ? undefined : new Date(date + delta).toISOString();
    });
}
