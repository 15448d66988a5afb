import assert from 'node:assert/strict';
import { jwtsIn } from '../../src/lint/jwt';
import { jwt } from './linting';

describe('jwtsIn', () => {
  it('finds tokens with their expiry', () => {
    const text = `Bearer ${jwt({ exp: 1000 })}, "${jwt({ sub: 'x', exp: '1000' })}" ${jwt({ exp: 2.5 })}`;
    assert.deepEqual(
      jwtsIn(text).map(({ expiresAt }) => expiresAt),
      [1_000_000, undefined, 2500],
    );
  });

  it('finds nothing in what only looks like one', () => {
    const good = jwt({ exp: 1 });
    const [header = '', payload = ''] = good.split('.');
    for (const text of [
      `${header}.${payload}`,
      `${header}.eyJ.${payload}`,
      `eyJhIjoxfQ.${payload}.x`,
      `x${good}`,
      `-${good}`,
      jwt([1]),
      jwt([1]).replace('W', 'e'),
      'eyJ.eyJ.eyJ',
    ])
      assert.deepEqual(jwtsIn(text), [], text);
  });

  it('takes little time for hostile text', function () {
    this.timeout(2000);
    for (const part of ['eyJ-', 'eyJ.', 'eyJ', 'eyJ.a.', '-eyJ.']) jwtsIn(part.repeat(500_000));
    jwtsIn(`eyJ${Buffer.from('['.repeat(500_000)).toString('base64url')}.eyJ.x`);
  });
});
