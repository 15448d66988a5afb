import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { createServer, type OutgoingHttpHeaders } from 'node:http';
import { createSecureServer } from 'node:http2';
import { mintAuthority } from '../../src/transport/mint';
import { cannedFor } from '../canned';
import type { Contender } from '../contender';

/** A server of Node alone that takes CONNECT for itself, with TLS inside, HTTP/1.1 or HTTP/2, and sends the same bytes. */
export const bareTls: Contender = {
  name: 'node:http2 in CONNECT',
  version: () => process.versions.node,
  serve: async (scene) => {
    const answerTo = cannedFor(scene);
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const inner = createSecureServer({
      allowHTTP1: true,
      key: privateKey.export({ type: 'pkcs8', format: 'pem' }),
      cert: mintAuthority(privateKey, { now: Date.now(), serial: randomBytes(16) }),
    });
    inner.on('request', (request, response) => {
      const { headers, body } = answerTo(request.url);
      response.sendDate = false;
      response.writeHead(200, headers as unknown as OutgoingHttpHeaders);
      response.end(body);
    });
    const outer = createServer().on('connect', (_request, socket) => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      inner.emit('connection', socket);
    });
    await new Promise<void>((resolve) => outer.listen(scene.port, '127.0.0.1', resolve));
  },
};
