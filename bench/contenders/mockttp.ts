import { getLocal } from 'mockttp';
import { answerOf, HOST, pathOf } from '../answers';
import { type Contender } from '../contender';
import { packageVersion } from '../package-version';

/** mockttp with a rule for each entry. */
export const mockttp: Contender = {
  name: 'mockttp',
  version: () => packageVersion('mockttp'),
  serve: async ({ port, entries, size }) => {
    const server = getLocal({ recordTraffic: false });
    await server.start(port);
    for (let at = 0; at < entries; at++) {
      const { headers, body } = answerOf(at, size);
      const [path] = pathOf(at).split('?');
      await server
        .forGet(`http://${HOST}${path}`)
        .withExactQuery(`?page=${at % 7}`)
        .always()
        .thenReply(200, body, { ...Object.fromEntries(headers), 'X-Served-By': 'recording' });
    }
  },
};
