import { once } from 'node:events';
import { connect as connectTcp } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';

/**
 * A CONNECT to `host` through the proxy at `port`, and TLS inside it. Whether the certificate is to be trusted is not asked.
 * @throws when the proxy refuses, or does not speak `protocol`
 */
export async function openTunnel(
  port: number,
  host: string,
  protocol: 'http/1.1' | 'h2',
): Promise<TLSSocket> {
  const socket = connectTcp(port, '127.0.0.1').setNoDelay(true);
  await once(socket, 'connect');
  socket.write(`CONNECT ${host}:443 HTTP/1.1\r\nHost: ${host}:443\r\n\r\n`);
  let answer = '';
  while (!answer.includes('\r\n\r\n')) answer += String(((await once(socket, 'data')) as [Buffer])[0]);
  if (!/^HTTP\/1\.[01] 200 /.test(answer)) {
    socket.destroy();
    throw new Error(`CONNECT was answered with ${answer.split('\r\n')[0]}`);
  }
  const secure = connectTls({
    socket,
    servername: host,
    ALPNProtocols: [protocol],
    rejectUnauthorized: false,
  });
  await once(secure, 'secureConnect');
  // Who does not take part in ALPN speaks HTTP/1.1.
  if ((secure.alpnProtocol || 'http/1.1') !== protocol) {
    secure.destroy();
    throw new Error(`the proxy speaks ${secure.alpnProtocol || 'HTTP/1.1'}, not ${protocol}`);
  }
  return secure;
}
