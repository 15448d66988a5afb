import assert from 'node:assert/strict';
import fc from 'fast-check';
import { HttpHeaders } from '../../src/http/headers';
import { KeptHeaders, NO_HEADERS } from '../../src/recording/kept-headers';

describe('KeptHeaders', () => {
  const name = fc.stringMatching(/^[!#$%&'*+.^_`|~0-9A-Za-z-]{1,9}$/);
  const value = fc.stringMatching(/^[\t\x20-\x7e\x80-\xff]{0,20}$/);

  it('gives all lines back, byte for byte', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(name, value)), (pairs) => {
        const kept = new KeptHeaders();
        assert.deepEqual([...kept.ofOthers(new HttpHeaders(pairs))], pairs);
        for (let i = 0; i < 2; i += 1) assert.deepEqual([...kept.ofRequest(new HttpHeaders(pairs))], pairs);
      }),
    );
  });

  it('gives requests with the same lines the same headers', () => {
    const kept = new KeptHeaders();
    const of = (accept: string) => kept.ofRequest(new HttpHeaders([['Accept', accept]]));
    assert.equal(of('a'), of('a'));
    assert.notEqual(of('a'), of('b'));
  });

  it('gives headers that cannot be changed', () => {
    const kept = new KeptHeaders();
    const some = () => new HttpHeaders([['A', '1']]);
    for (const headers of [kept.ofRequest(some()), kept.ofOthers(some()), NO_HEADERS])
      assert.throws(() => headers.append('b', '2'), /frozen/);
  });
});
