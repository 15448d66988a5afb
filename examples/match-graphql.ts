import { ServerReplay, type MitmProxy } from 'replay-proxy';

/** GraphQL requests are the same when their operation and its variables are: the query's text and extensions do not count. */
export default function matchGraphql(proxy: MitmProxy): void {
  ServerReplay.hooks(proxy).identify.tap('MatchGraphql', (facets, request) =>
    request.path === '/graphql'
      ? facets.filter(([name]) => !name.startsWith('body') || /^body\.(operationName|variables)\b/.test(name))
      : facets,
  );
}
