import assert from 'node:assert/strict';
import fc from 'fast-check';
import * as der from '../../src/transport/der';
import { readElement } from '../../src/transport/der-reader';

describe('DER writer', () => {
  const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

  it('writes short and long lengths', () => {
    assert.equal(hex(der.octetString(Buffer.alloc(0))), '0400');
    assert.equal(hex(der.octetString(Buffer.alloc(127))).slice(0, 4), '047f');
    assert.equal(hex(der.octetString(Buffer.alloc(128))).slice(0, 6), '048180');
    assert.equal(hex(der.octetString(Buffer.alloc(70_000))).slice(0, 10), '0483011170');
  });

  it('writes integers in the fewest bytes that keep them positive', () => {
    assert.equal(hex(der.integer(Buffer.of(0, 0, 5))), '020105');
    assert.equal(hex(der.integer(Buffer.of(0x80))), '02020080');
    assert.equal(hex(der.integer(Buffer.of(0, 0))), '020100');
    assert.equal(hex(der.integer(Buffer.of())), '020100');
  });

  it('writes object identifiers', () => {
    assert.equal(hex(der.objectIdentifier('2.5.29.17')), '0603551d11');
    assert.equal(hex(der.objectIdentifier('1.2.840.113549.1.1.11')), '06092a864886f70d01010b');
  });

  it('writes booleans, bits, null and strings', () => {
    assert.equal(hex(der.boolean(true)), '0101ff');
    assert.equal(hex(der.boolean(false)), '010100');
    assert.equal(hex(der.bitString(Buffer.of(0x06), 1)), '03020106');
    assert.equal(hex(der.nothing()), '0500');
    assert.equal(hex(der.utf8String('é')), '0c02c3a9');
  });

  it('writes times to 2049 as UTCTime and later ones as GeneralizedTime', () => {
    assert.equal(
      der.time(Date.UTC(2049, 11, 31, 23, 59, 59, 999)).toString('latin1'),
      '\x17\x0d491231235959Z',
    );
    assert.equal(der.time(Date.UTC(2050, 0, 1)).toString('latin1'), '\x18\x0f20500101000000Z');
  });

  it('sorts the members of a set and keeps those of a sequence in order', () => {
    const [two, one] = [der.integer(Buffer.of(2)), der.integer(Buffer.of(1))];
    assert.equal(hex(der.set(two, one)), '3106020101020102');
    assert.equal(hex(der.sequence(two, one)), '3006020102020101');
  });

  it('writes context tags', () => {
    assert.equal(hex(der.context(3, der.nothing())), 'a3020500');
    assert.equal(hex(der.contextBytes(2, Buffer.from('a'))), '820161');
  });

  it('gives the reader back what it wrote', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        const whole = der.octetString(bytes);
        const read = readElement(whole);
        assert.equal(read.tag, 4);
        assert.deepEqual(read.bytes, whole);
        assert.deepEqual(read.content, Buffer.from(bytes));
      }),
    );
  });
});
