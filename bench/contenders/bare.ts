import { createServer } from 'node:http';
import type { Contender } from '../contender';
import { cannedFor } from '../canned';

/** A server of Node alone that sends the same bytes: the ceiling for all that is written in Node. */
export const bare: Contender = {
  name: 'node:http',
  version: () => process.versions.node,
  serve: async (scene) => {
    const answerTo = cannedFor(scene);
    const server = createServer((request, response) => {
      const { headers, body } = answerTo(request.url!);
      response.sendDate = false;
      response.writeHead(200, headers).end(body);
    });
    await new Promise<void>((resolve) => server.listen(scene.port, '127.0.0.1', resolve));
  },
};
