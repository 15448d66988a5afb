import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { ClientConnection, clientInfo } from '../../src/transport/client-connection';
import { closeSocketPairs, socketPair } from '../support/socket-pair';
import { RawClient } from '../support/raw-client';

describe('a connection of a client', () => {
  afterEach(closeSocketPairs);

  async function connection() {
    const { ours, theirs } = await socketPair();
    return {
      connection: new ClientConnection(ours, ours, { kind: 'regular' }),
      client: new RawClient(theirs),
    };
  }

  it('says one last word', async () => {
    const { connection: ours, client } = await connection();
    ours.refuse({ status: 408, sentence: 'too late' });
    ours.refuse({ status: 400, sentence: 'again' });
    assert.match(await client.end(), /^HTTP\/1\.1 408 [^]*too late\n$/);
    assert.equal(ours.closing, true);
  });

  it('can be reset', async () => {
    const { connection: ours, client } = await connection();
    const failed = once(client.socket, 'error') as Promise<[NodeJS.ErrnoException]>;
    ours.cut(true);
    assert.equal((await failed)[0].code, 'ECONNRESET');
  });

  it('knows who is there', () => {
    const socket = { remoteAddress: '::ffff:10.0.0.7', remotePort: 5 } as Socket;
    assert.deepEqual(clientInfo(socket), { address: '10.0.0.7', port: 5 });
  });
});
