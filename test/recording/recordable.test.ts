import assert from 'node:assert/strict';
import { HttpHeaders } from '../../src/http/headers';
import { recordable } from '../../src/recording/recordable';

describe('recordable', () => {
  it('leaves out what a client tells a proxy, not what a response asks for', () => {
    const headers = new HttpHeaders({
      'Proxy-Authorization': 'x',
      'PROXY-Connection': 'y',
      Proxied: 'z',
      'Proxy-Authenticate': 'Basic',
    });
    assert.deepEqual(recordable(headers), [
      ['Proxied', 'z'],
      ['Proxy-Authenticate', 'Basic'],
    ]);
  });
});
