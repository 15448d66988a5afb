import { forward, KillUnmatched, type MitmProxy } from 'replay-proxy';

const HERE = new Set(['localhost', '127.0.0.1', '::1']);

/** Under kill, what goes to this machine passes all the same. */
export default function spareLocalhost(proxy: MitmProxy): void {
  KillUnmatched.hooks(proxy).verdict.tap('SpareLocalhost', (verdict, { request }) =>
    HERE.has(request.host) ? forward() : verdict,
  );
}
