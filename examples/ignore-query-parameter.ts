import { ServerReplay, type MitmProxy } from 'replay-proxy';

/** The cache buster `_` in the query does not count. In a config: `replay: { ignore: ['query._'] }`. */
export default function ignoreCacheBuster(proxy: MitmProxy): void {
  ServerReplay.hooks(proxy).identify.tap('IgnoreCacheBuster', (facets) =>
    facets.filter(([name]) => name !== 'query._'),
  );
}
