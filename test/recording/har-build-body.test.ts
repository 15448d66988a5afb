import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import { Body, type BodyLike } from '../../src/http/body';
import { buildBody as build, type PutBody } from '../../src/recording/har-build-body';

const noFile: PutBody = () => assert.fail('no file is needed');
const digestOf = (bytes: BodyLike): string => Body.from(bytes).digest();
const buildBody = (bytes: BodyLike, coding: string | undefined, put: PutBody) =>
  build(Body.from(bytes), coding, put);

const put: PutBody = ({ length }) => ({ name: `file of ${length}`, digest: 'feed' });

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
    assert.deepEqual(buildBody(Buffer.alloc(2 ** 20 + 1), undefined, put).fields, {
      _file: 'file of 1048577',
    });
    assert.deepEqual(buildBody(gzipSync(Buffer.alloc(2 ** 20 + 1)), 'gzip', put).fields, {
      _file: 'file of 1048577',
    });
  });

  it('stays as received when it, or what it decodes to, has more than 64 MiB', () => {
    const bomb = gzipSync(Buffer.alloc(2 ** 26 + 1));
    const { size, fields, extra } = buildBody(bomb, 'gzip', put);
    assert.deepEqual([size, extra], [bomb.length, { digest: digestOf(bomb), coding: 'gzip' }]);
    assert.ok('encoding' in fields && fields.text === bomb.toString('base64'));
    const huge = Body.file({
      length: 2 ** 40,
      read: () => assert.fail('read at once'),
      slice: () => assert.fail('read twice'),
    });
    assert.deepEqual(buildBody(huge, 'gzip', put), {
      size: 2 ** 40,
      fields: { _file: 'file of 1099511627776' },
      extra: { digest: 'feed', coding: 'gzip' },
    });
  });
});
