import { generateCACertificate, getLocal } from 'mockttp';
import { answerOf, HOST, pathOf } from '../answers';
import { type Contender } from '../contender';
import { packageVersion } from '../package-version';

/** mockttp with a rule for each entry. */
export const mockttp: Contender = {
  name: 'mockttp',
  version: () => packageVersion('mockttp'),
  serve: async ({ port, entries, size, scheme }) => {
    const https = await generateCACertificate();
    const server = getLocal({ recordTraffic: false, https, http2: true });
    await server.start(port);
    for (let at = 0; at < entries; at++) {
      const { headers, body } = answerOf(at, size);
      const [path] = pathOf(at).split('?');
      await server
        .forGet(`${scheme}://${HOST}${path}`)
        .withExactQuery(`?page=${at % 7}`)
        .always()
        .thenReply(200, body, { ...Object.fromEntries(headers), 'X-Served-By': 'recording' });
    }
  },
};
