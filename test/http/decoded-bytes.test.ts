import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import { Body } from '../../src/http/body';
import { decodedBytes } from '../../src/http/decoded-bytes';
import { HttpHeaders } from '../../src/http/headers';

const MIB = 1024 * 1024;

function decoded(body: Body | Buffer | string, headers: Record<string, string> = {}): Buffer | undefined {
  return decodedBytes({ body: Body.from(body), headers: new HttpHeaders(headers) }, MIB);
}

describe('decodedBytes', () => {
  it('undoes content codings', () => {
    assert.equal(String(decoded(gzipSync('a'), { 'content-encoding': 'gzip' })), 'a');
  });

  it('leaves alone what is too large, before decoding and after', () => {
    assert.equal(decoded('a'.repeat(MIB))?.length, MIB);
    assert.equal(decoded('a'.repeat(MIB + 1)), undefined);
    const bomb = gzipSync('a'.repeat(MIB + 1));
    assert.equal(decoded(bomb, { 'content-encoding': 'gzip' }), undefined);
  });

  it('leaves alone what cannot be read or decoded', () => {
    assert.equal(decoded('a', { 'content-encoding': 'gzip' }), undefined);
    assert.equal(decoded('a', { 'content-encoding': 'secret' }), undefined);
    const gone = Body.file({
      length: 1,
      read: () => {
        throw new Error('gone');
      },
    });
    assert.equal(decoded(gone), undefined);
  });
});
