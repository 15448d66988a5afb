import assert from 'node:assert/strict';
import { syntaxErrorIn } from '../../src/config/syntax-error';

describe('syntaxErrorIn', () => {
  const message = (text: string, file: string) => syntaxErrorIn(text, `/p/${file}`, file)?.message;

  it('finds the place in JSON and JavaScript', () => {
    assert.equal(message('{\n  "a": 1\n  "b": 2\n}', 'c.json'), "c.json:3:3: ',' expected");
    assert.equal(message('export default {\n  a: 1\n  b: 2\n}', 'c.mjs'), "c.mjs:3:3: ',' expected");
  });

  it('finds nothing in what parses', () => {
    assert.equal(message('{}', 'c.json'), undefined);
    assert.equal(message('export default 1', 'c.js'), undefined);
  });
});
