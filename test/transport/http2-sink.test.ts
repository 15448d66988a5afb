import assert from 'node:assert/strict';
import { fieldsOf } from '../../src/transport/http2-sink';

// How a response is written is tested with the client's end over HTTP/2.
describe('the fields that go to Node', () => {
  it('have names in lower case, and repeated ones together', () => {
    assert.deepEqual(
      { ...fieldsOf([['Via', 'a'], ['X-One', '1'], ['via', 'b'], ['VIA', 'c']]) }, // prettier-ignore
      { via: ['a', 'b', 'c'], 'x-one': '1' },
    );
  });

  it('hold any name', () => {
    assert.deepEqual(Object.entries(fieldsOf([['__proto__', 'x']])), [['__proto__', 'x']]);
  });
});
