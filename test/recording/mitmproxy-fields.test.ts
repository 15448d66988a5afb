import assert from 'node:assert/strict';
import { DumpFields } from '../../src/recording/mitmproxy-fields';
import { encodeTnetstring, type TnetValue } from '../../src/recording/tnetstring';
import { TnetCursor } from '../../src/recording/tnetstring-cursor';

const reader = new DumpFields('request', ['content', 'port', 'version', 'list'], { body: 'content' });

function fields(value: TnetValue): typeof reader {
  const cursor = new TnetCursor(encodeTnetstring(value));
  cursor.next();
  return reader.of(cursor.inner());
}

describe('DumpFields', () => {
  it('finds the keys asked for among others, by newer and older spellings', () => {
    assert.equal(fields({ a: 1, content: 'new', z: 2 }).text('content'), 'new');
    assert.equal(fields({ body: Buffer.from('\xe9', 'latin1') }).text('content'), 'é');
    assert.equal(fields({ other: 1 }).text('content'), undefined);
    assert.equal(fields({ content: null }).has('content'), false);
  });

  it('forgets the dictionary before', () => {
    fields({ content: 'old', port: 80 });
    assert.deepEqual([fields({ port: 81 }).has('content'), reader.number('port')], [false, 81]);
  });

  it('tells whether bytes are a word', () => {
    assert.equal(fields({ content: Buffer.from('HTTP') }).isText('content', 'HTTP'), true);
    assert.equal(fields({ content: Buffer.from('HTTPS') }).isText('content', 'HTTP'), false);
    assert.equal(fields({ content: 1 }).isText('content', '1'), false);
    assert.equal(fields({}).isText('content', ''), false);
  });

  it('reads keys that are bytes, as before 0.18', () => {
    const cursor = new TnetCursor(Buffer.from('12:4:port,2:80#}'));
    cursor.next();
    assert.equal(reader.of(cursor.inner()).number('port'), 80);
  });

  it('reads a version that is an integer or a tuple', () => {
    assert.deepEqual(fields({ version: 21 }).integers('version'), [21]);
    assert.deepEqual(fields({ version: [0, 18] }).integers('version'), [0, 18]);
    assert.equal(fields({ version: 'x' }).integers('version'), undefined);
  });

  it('reads what is true or false', () => {
    assert.equal(fields({ port: true }).flag('port'), true);
    assert.equal(fields({ port: false }).flag('port'), false);
    assert.equal(fields({ port: 1 }).flag('port'), undefined);
    assert.equal(fields({ port: null }).flag('port'), undefined);
  });

  it('says where content stands in the file', () => {
    assert.deepEqual(fields({ content: Buffer.from('abc') }).span('content', 1000), {
      offset: 1015,
      length: 3,
    });
  });

  it('names the field that is wrong or missing', () => {
    assert.throws(() => fields({ port: 'x' }).number('port'), /request\.port is no number/);
    assert.throws(() => fields({ content: 1 }).text('content'), /request\.content is no text/);
    assert.throws(() => fields({ content: [] }).span('content', 0), /request\.content is no bytes/);
    assert.throws(() => fields({ list: 'x' }).inside('list'), /request\.list is neither/);
    assert.throws(() => fields({}).requiredNumber('port'), /request\.port is missing/);
    assert.throws(() => fields({}).requiredText('content'), /request\.content is missing/);
    assert.throws(() => fields({}).requiredInside('list'), /request\.list is missing/);
  });
});
