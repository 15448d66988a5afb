import { ResponseRefresh, type MitmProxy } from 'replay-proxy';

/** Moves `expires_at`, in seconds, inside JSON bodies: tokens recorded last month are valid again. */
export default function refreshTokens(proxy: MitmProxy): void {
  ResponseRefresh.hooks(proxy).body.tap('RefreshTokens', (content, { delta }, flow) => {
    if (!flow.response?.headers.get('content-type')?.includes('json')) return content;
    const text = content.toString();
    const moved = text.replace(
      /("expires_at"\s*:\s*)(\d+)/g,
      (_, key, at) => key + (Number(at) + delta / 1000),
    );
    return moved === text ? content : Buffer.from(moved);
  });
}
