import assert from 'node:assert/strict';
import { announceListener, isOwnListener, isOwnPort } from '../../src/transport/own-listeners';

describe('isOwnListener', () => {
  let forget: () => void;
  const listenOn = (host: string) => (forget = announceListener({ host, port: 65_000 }));
  afterEach(() => forget());

  it('knows an address by any of its spellings', async () => {
    listenOn('127.0.0.1');
    for (const host of ['127.0.0.1', '::ffff:127.0.0.1', '0.0.0.0', 'localhost'])
      assert.equal(await isOwnListener(host, 65_000), true, host);
    assert.equal(await isOwnListener('127.0.0.1', 65_001), false);
    assert.equal(await isOwnListener('127.0.0.2', 65_000), false);
    assert.equal(await isOwnListener('192.0.2.1', 65_000), false);
  });

  it('knows all addresses of the machine when it listens on all', async () => {
    listenOn('0.0.0.0');
    assert.equal(await isOwnListener('127.9.9.9', 65_000), true);
    assert.equal(await isOwnListener('192.0.2.1', 65_000), false);
  });

  it('tells ports that are out of the question without looking anything up', () => {
    const forget = announceListener({ host: '10.1.2.3', port: 4711 });
    assert.deepEqual([isOwnPort(4711), isOwnPort(4712)], [true, false]);
    forget();
    assert.equal(isOwnPort(4711), false);
  });

  it('forgets', async () => {
    listenOn('127.0.0.1');
    forget();
    assert.equal(await isOwnListener('127.0.0.1', 65_000), false);
  });
});
