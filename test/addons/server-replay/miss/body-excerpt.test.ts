import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import { bodyExcerpt } from '../../../../addons/server-replay/miss/body-excerpt';
import { streamOf } from '../../../support/exchange';
import { requestOf } from '../../../support/replay';

describe('bodyExcerpt', () => {
  const of = (body: string | Buffer, headers = {}) => bodyExcerpt(requestOf('POST http://h/', headers, body));

  it('is the text, decoded; of others the size', () => {
    assert.equal(of('hello'), 'hello');
    assert.equal(of(gzipSync('hello'), { 'content-encoding': 'gzip' }), 'hello');
    assert.equal(of(Buffer.from([0xff, 0xfe])), '(2 bytes)');
    assert.equal(of('x'.repeat(5000)), '(5000 bytes)');
  });

  it('is nothing for what cannot be read', () => {
    assert.equal(of('no gzip', { 'content-encoding': 'gzip' }), undefined);
    assert.equal(bodyExcerpt(requestOf('POST http://h/', {}, streamOf('x'))), undefined);
  });
});
