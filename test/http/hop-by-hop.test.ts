import assert from 'node:assert/strict';
import { HttpHeaders } from '../../src/http/headers';
import { connectionOptions, HOP_BY_HOP } from '../../src/http/hop-by-hop';

describe('fields of one hop', () => {
  it('are known by name', () => {
    for (const name of ['connection', 'te', 'transfer-encoding', 'upgrade']) assert.ok(HOP_BY_HOP.has(name));
    for (const name of ['trailer', 'host', 'expect', 'via']) assert.ok(!HOP_BY_HOP.has(name));
  });

  it('are named by Connection too, on any number of lines', () => {
    const headers = new HttpHeaders([
      ['Connection', 'Close , X-Mine,'],
      ['connection', 'TE'],
    ]);
    assert.deepEqual(connectionOptions(headers), ['close', 'x-mine', 'te']);
    assert.deepEqual(connectionOptions(new HttpHeaders()), []);
  });
});
