import assert from 'node:assert/strict';
import { reasonToDistrust } from '../../src/config/ownership';

describe('reasonToDistrust', () => {
  it('trusts what the user or root owns', () => {
    assert.equal(reasonToDistrust({ uid: 1000, mode: 0o100664 }, 1000), undefined);
    assert.equal(reasonToDistrust({ uid: 0, mode: 0o100644 }, 1000), undefined);
  });

  it('names another owner, and a file that everyone can write', () => {
    assert.equal(reasonToDistrust({ uid: 1001, mode: 0o100644 }, 1000), 'belongs to another user (uid 1001)');
    assert.equal(reasonToDistrust({ uid: 1000, mode: 0o100666 }, 1000), 'can be written by everyone');
  });

  it('does not judge without user ids', () => {
    assert.equal(reasonToDistrust({ uid: 0, mode: 0o100666 }, undefined), undefined);
  });
});
