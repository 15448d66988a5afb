import assert from 'node:assert/strict';
import { addressOf, socksAddress, socksReply } from '../../src/transport/socks';

describe('an address of SOCKS5', () => {
  it('is a kind, the address and the port', () => {
    for (const [host, hex] of [
      ['127.0.0.1', '017f000001'],
      ['::1', `04${'0'.repeat(31)}1`],
      ['::', `04${'0'.repeat(32)}`],
      ['1:2:3:4:5:6:7:8', '0400010002000300040005000600070008'],
      ['::ffff:1.2.3.4', '0400000000000000000000ffff01020304'],
      ['a.example', `03${'09'}${Buffer.from('a.example').toString('hex')}`],
    ] as const) {
      const bytes = socksAddress(host, 8443);
      assert.equal(bytes.readUInt16BE(bytes.length - 2), 8443);
      assert.equal(bytes.subarray(0, -2).toString('hex'), hex, host);
      if (bytes[0] !== 3) assert.deepEqual(socksAddress(addressOf(bytes.subarray(1, -2)), 8443), bytes, host);
    }
  });

  it('is read in its one spelling', () => {
    assert.equal(addressOf(Buffer.from([10, 0, 0, 255])), '10.0.0.255');
    assert.equal(addressOf(socksAddress('2001:DB8:0:0:0:A:0:1', 1).subarray(1, -2)), '2001:db8::a:0:1');
    assert.equal(addressOf(Buffer.alloc(16)), '::');
  });
});

describe('a reply of SOCKS5', () => {
  it('says no more than its code', () => {
    assert.equal(socksReply(5).toString('hex'), '05050001000000000000');
  });
});
