import assert from 'node:assert/strict';
import { HttpHeaders } from '../../src/http/headers';
import { recordable } from '../../src/recording/recordable';

describe('recordable', () => {
  it('leaves out what is for a proxy', () => {
    const headers = new HttpHeaders({ 'Proxy-Authorization': 'x', 'PROXY-Connection': 'y', Proxied: 'z' });
    assert.deepEqual(recordable(headers), [['Proxied', 'z']]);
  });
});
