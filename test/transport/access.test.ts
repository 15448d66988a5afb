import assert from 'node:assert/strict';
import { assertBindAllowed, mayUse, reachOf } from '../../src/transport/access';

describe('access', () => {
  it('tells where an address lives', () => {
    for (const address of ['127.0.0.1', '127.9.9.9', '::1', '::ffff:127.0.0.1'])
      assert.equal(reachOf(address), 'loopback', address);
    for (const address of ['10.1.2.3', '172.31.0.1', '192.168.0.9', '169.254.1.1', 'fd00::1', 'fe80::1%eth0'])
      assert.equal(reachOf(address), 'lan', address);
    for (const address of ['8.8.8.8', '172.32.0.1', '2001:db8::1', '::ffff:1.2.3.4', 'nonsense', ''])
      assert.equal(reachOf(address), 'global', address);
  });

  it('lets this machine in always, others when told', () => {
    const nobody = { allowLan: false, allowPublic: false };
    assert.ok(mayUse('127.0.0.1', nobody));
    assert.ok(!mayUse('192.168.0.9', nobody));
    assert.ok(mayUse('192.168.0.9', { ...nobody, allowLan: true }));
    assert.ok(!mayUse('8.8.8.8', { ...nobody, allowLan: true }));
    assert.ok(mayUse('8.8.8.8', { allowLan: true, allowPublic: true }));
  });

  it('takes public peers to include those of the local network', () => {
    const everybody = { allowLan: false, allowPublic: true };
    for (const address of ['127.0.0.1', '192.168.0.9', '8.8.8.8']) assert.ok(mayUse(address, everybody));
    assertBindAllowed('0.0.0.0', everybody);
  });

  it('refuses to listen for others unless told', () => {
    const options = { allowLan: false, allowPublic: false };
    for (const host of ['127.0.0.1', '::1', 'localhost']) assertBindAllowed(host, options);
    for (const host of ['0.0.0.0', '::', '192.168.0.1', 'myhost'])
      assert.throws(() => assertBindAllowed(host, options), { message: /--allow-lan or --allow-public/ });
    assertBindAllowed('0.0.0.0', { ...options, allowLan: true });
  });
});
