import assert from 'node:assert/strict';
import { connect } from 'node:net';
import { isOwnListener } from '../../src/transport/own-listeners';
import { SessionPorts } from '../../src/transport/session-ports';

describe('SessionPorts', () => {
  const seen: string[] = [];
  const ports = new SessionPorts('127.0.0.1', (socket, session) => {
    seen.push(session);
    socket.destroy();
  });
  afterEach(() => ports.closeAll());

  async function visit({ host, port }: { host: string; port: number }): Promise<void> {
    const socket = connect({ host, port });
    await new Promise((resolve) => socket.on('error', () => {}).on('close', resolve));
  }

  it('open one for each session, the same again, and say whose a connection is', async () => {
    const [a, b] = await Promise.all([ports.open('a'), ports.open('b')]);
    assert.notEqual(a.port, b.port);
    assert.deepEqual(await ports.open('a'), a);
    await visit(b);
    await visit(a);
    assert.deepEqual(seen.splice(0), ['b', 'a']);
    assert.equal(await isOwnListener('127.0.0.1', a.port), true);
  });

  it('close, and leave nothing', async () => {
    const a = await ports.open('a');
    ports.close('a');
    ports.close('never opened');
    await visit(a);
    assert.deepEqual(seen, []);
    assert.equal(await isOwnListener('127.0.0.1', a.port), false);
  });

  it('that are closed while they are opened are not open, and reject', async () => {
    const opening = ports.open('early');
    ports.close('early');
    const again = ports.open('early');
    await assert.rejects(opening, { code: 'ERR_CONFIG' });
    await visit(await again);
    assert.deepEqual(seen.splice(0), ['early']);
    ports.close('early');
    await visit(await again);
    assert.deepEqual(seen, [], 'the second is closed by its name');
  });

  it('reject where nobody can listen', async () => {
    const elsewhere = new SessionPorts('192.0.2.1', () => {});
    await assert.rejects(elsewhere.open('a'), { code: 'ERR_LISTEN' });
  });
});
