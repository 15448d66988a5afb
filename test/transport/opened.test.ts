import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { opened, openedWithin } from '../../src/transport/opened';

const never = new AbortController().signal;

describe('opened', () => {
  it('waits until a socket stands', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const socket = connect(port, '127.0.0.1');
    await opened(socket, 'connect', 'there', never);
    assert.equal(socket.readyState, 'open');
    assert.equal(socket.listenerCount('error'), 0);
    socket.destroy();
    server.close();
  });

  it('says why one does not, and destroys it', async () => {
    const refused = connect(1, '127.0.0.1');
    await assert.rejects(opened(refused, 'connect', 'there', never), {
      message: /^there refused the connection/,
    });
    assert.ok(refused.destroyed);
    const closed = connect(1, '127.0.0.1');
    closed.destroy();
    await assert.rejects(opened(closed, 'connect', 'there', never), {
      message: /^there closed the connection/,
    });
    const left = connect(1, '127.0.0.1');
    await assert.rejects(
      opened(left, 'connect', 'there', AbortSignal.abort(new Error('left'))),
      /^Error: left$/,
    );
    assert.ok(left.destroyed);
  });
});

describe('openedWithin', () => {
  const untilAborted = (signal: AbortSignal) =>
    new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)));

  it('gives what was opened', async () => {
    assert.equal(await openedWithin(1_000, 'there', never, () => Promise.resolve(1)), 1);
    await assert.rejects(
      openedWithin(1_000, 'there', never, () => Promise.reject(new Error('no'))),
      /^Error: no$/,
    );
  });

  it('gives up after a time, or when it is told to', async () => {
    await assert.rejects(openedWithin(10, 'there', never, untilAborted), {
      status: 504,
      message: 'no connection to there within 0.01 s',
    });
    const control = new AbortController();
    const waiting = openedWithin(1_000, 'there', control.signal, untilAborted);
    control.abort();
    await assert.rejects(waiting, { message: 'the connection to there was given up before it stood' });
    await assert.rejects(
      openedWithin(1_000, 'there', control.signal, (signal) => Promise.reject(signal.reason as Error)),
      { message: /given up/ },
    );
  });
});
