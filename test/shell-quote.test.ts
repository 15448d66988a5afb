import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { shellQuote } from '../src/shell-quote';

describe('shellQuote', () => {
  it('leaves plain words alone', () => {
    assert.equal(shellQuote('http://127.0.0.1:8080/a_b-c.d'), 'http://127.0.0.1:8080/a_b-c.d');
  });

  it('quotes what a shell would read otherwise', () => {
    assert.equal(shellQuote('/?a=1&b=2'), "'/?a=1&b=2'");
    assert.equal(shellQuote(''), "''");
  });

  it('gives a word that sh reads back', function () {
    if (process.platform === 'win32') return this.skip();
    const words = ['', "it's", '$HOME `id` "x" \\', '~/a', '#x', 'a\nb', '!', '*', '{a,b}', ';rm', "''"];
    const line = `printf '%s\\0' ${words.map(shellQuote).join(' ')}`;
    assert.deepEqual(execFileSync('sh', ['-c', line], { encoding: 'utf8' }).split('\0').slice(0, -1), words);
  });
});
