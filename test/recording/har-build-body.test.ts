import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import { buildBody } from '../../src/recording/har-build-body';
import { digestOf } from '../../src/recording/har-body';

const noFile = (): string => assert.fail('no file is needed');

describe('buildBody', () => {
  it('is text where that gives the bytes back, else base64', () => {
    assert.deepEqual(buildBody(Buffer.from('ü'), undefined, noFile), { size: 2, fields: { text: 'ü' } });
    const latin1 = Buffer.from('ü', 'latin1');
    assert.deepEqual(buildBody(latin1, undefined, noFile), {
      size: 1,
      fields: { text: '/A==', encoding: 'base64' },
    });
    assert.deepEqual(buildBody(Buffer.alloc(0), 'gzip', noFile), { size: 0, fields: { text: '' } });
  });

  it('is decoded, with the bytes as received beside it', () => {
    const coded = gzipSync('hello');
    const { size, fields, extra } = buildBody(coded, 'gzip', noFile);
    assert.deepEqual([size, fields], [5, { text: 'hello' }]);
    assert.deepEqual(extra, {
      digest: digestOf(Buffer.from('hello')),
      coding: 'gzip',
      encoded: coded.toString('base64'),
    });
  });

  it('is as received when it cannot be decoded', () => {
    const { fields, extra } = buildBody(Buffer.from('no gzip'), 'gzip', noFile);
    assert.deepEqual(fields, { text: 'no gzip' });
    assert.deepEqual(extra, { digest: digestOf(Buffer.from('no gzip')), coding: 'gzip' });
  });

  it('is a file when it is large', () => {
    const put = (bytes: Buffer): string => `file of ${bytes.length}`;
    assert.deepEqual(buildBody(Buffer.alloc(2 ** 20 + 1), undefined, put).fields, {
      _file: 'file of 1048577',
    });
    assert.deepEqual(buildBody(gzipSync(Buffer.alloc(2 ** 20 + 1)), 'gzip', put).fields, {
      _file: 'file of 1048577',
    });
  });
});
