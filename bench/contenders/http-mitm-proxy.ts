import { Proxy } from 'http-mitm-proxy';
import { join } from 'node:path';
import { cannedFor } from '../canned';
import type { Contender } from '../contender';
import { packageVersion } from '../package-version';

/** http-mitm-proxy, whose `onRequest` answers from memory and never goes upstream. */
export const httpMitmProxy: Contender = {
  name: 'http-mitm-proxy',
  version: () => packageVersion('http-mitm-proxy'),
  serve: async ({ port, home, ...shape }) => {
    const answerTo = cannedFor(shape);
    const proxy = new Proxy();
    proxy.onError((_context, error) => console.error(error));
    proxy.onRequest(({ clientToProxyRequest, proxyToClientResponse }) => {
      const { headers, body } = answerTo(clientToProxyRequest.url!);
      proxyToClientResponse.sendDate = false;
      proxyToClientResponse.writeHead(200, headers).end(body);
    });
    await new Promise<void>((resolve, reject) =>
      proxy.listen(
        { port, host: '127.0.0.1', sslCaDir: join(home, 'ca'), keepAlive: true },
        (error?: Error | null) => (error ? reject(error) : resolve()),
      ),
    );
  },
};
