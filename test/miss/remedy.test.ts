import assert from 'node:assert/strict';
import { remedyOf } from '../../src/miss/remedy';

describe('remedyOf', () => {
  it('says the same for the shell and for a config', () => {
    assert.deepEqual(remedyOf({ ignore: ['query.a', 'body.it\'s \\* "x"'] }), {
      ignore: ['query.a', 'body.it\'s \\* "x"'],
      flags: `--ignore query.a --ignore 'body.it'\\''s \\* "x"'`,
      config: `replay: { ignore: ['query.a', 'body.it\\'s \\\\* "x"'] }`,
    });
    assert.deepEqual(remedyOf({ reuse: 'hold' }), {
      ignore: [],
      flags: '--reuse hold',
      config: "replay: { reuse: 'hold' }",
    });
  });
});
