import assert from 'node:assert/strict';
import { secretShape } from '../../src/lint/secret-shape';
import { jwt } from './linting';

// In pieces, so that no scanner takes this file for a leak.
const SECRETS: Record<string, string> = {
  'an AWS access key': `AKIA${'IOSFODNN7EXAMPLE'}`,
  'a GitHub token': `ghp_${'a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8'}`,
  'a GitLab token': `glpat-${'abcdefghij0123456789'}`,
  'a Slack token': `xoxb-${'123456789012-abcdefGHIJ'}`,
  'a Stripe key': `sk_live_${'abcdefghij0123456789'}`,
  'an API key': `sk-${'proj-abcdEFGH1234abcdEFGH1234'}`,
  'a private key': `-----BEGIN RSA ${'PRIVATE KEY'}-----\nMII`,
  'a JSON Web Token': jwt({ sub: 'me' }),
};

describe('secretShape', () => {
  for (const [noun, secret] of Object.entries(SECRETS)) {
    it(`knows ${noun}`, () => {
      for (const text of [secret, `key="${secret}";`, `\n${secret}\n`]) assert.equal(secretShape(text), noun);
    });
  }

  it('does not take other texts for secrets', () => {
    for (const text of [
      'sk-circle-fade-dot sk-cube-grid',
      'task-0123456789ABCDEFabcdef01',
      'sk-SK',
      'AKIATOOLONGTOBEONE1234567',
      'ghp_short',
      '-----BEGIN PUBLIC KEY-----',
      '-----BEGIN CERTIFICATE-----',
      '"5d41402abc4b2a76b9719d911017c592"',
      'eyJhIjoxfQ',
    ])
      assert.equal(secretShape(text), undefined, text);
  });

  it('takes little time for hostile text', function () {
    this.timeout(2000);
    const parts = ['sk-', 'sk-a-', 'sk-a', 'AKIA', 'ghp_', 'xoxb', '-----BEGIN A ', 'A '];
    for (const part of parts) secretShape(`${part.repeat(200_000)}PRIVATE KEY-----`);
  });
});
