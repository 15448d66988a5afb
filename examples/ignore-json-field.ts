import { ServerReplay, type MitmProxy } from 'replay-proxy';

/** A CSRF token in the JSON body does not count. In a config: `replay: { ignore: ['body.csrf'] }`. */
export default function ignoreCsrf(proxy: MitmProxy): void {
  ServerReplay.hooks(proxy).identify.tap('IgnoreCsrf', (facets) =>
    facets.filter(([name]) => name !== 'body.csrf'),
  );
}
