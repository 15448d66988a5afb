import assert from 'node:assert/strict';
import { redactPairs, redactPath } from '../../src/redaction/redact-pairs';

describe('redacted pairs', () => {
  const takes = (facet: string) => facet === 'query.token' || facet === 'query.a\\.b';

  it('lose the values that have to go, and nothing else', () => {
    assert.equal(
      redactPairs('x=%20&token=s%3D&&to%6ben=t&a.b&y', 'query', takes),
      'x=%20&token=redacted&&to%6ben=redacted&a.b=redacted&y',
    );
  });

  it('are those of a path, before its fragment', () => {
    assert.equal(redactPath('/token=1?token=2#token=3', takes), '/token=1?token=redacted#token=3');
    assert.equal(redactPath('/a#?token=1', takes), '/a#?token=redacted');
    assert.equal(redactPath('/plain', takes), '/plain');
  });
});
