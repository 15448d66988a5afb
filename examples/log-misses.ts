import type { MitmProxy } from 'replay-proxy';

/** One line of JSON for each request that no recording answered: what was asked, what came nearest, what would help. */
export default function logMisses(proxy: MitmProxy): void {
  proxy.hooks.complete.tap('LogMisses', ({ miss }) => {
    if (!miss) return;
    const [nearest] = miss.nearest;
    console.log(
      JSON.stringify({
        url: miss.url,
        reason: miss.reason,
        differs: nearest?.differences.map(({ facet }) => facet) ?? [],
        add: miss.remedy?.flags,
      }),
    );
  });
}
