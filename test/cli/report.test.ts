import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { report } from '../../src/cli/report';
import { ConfigError, RecordingError } from '../../src/errors';

describe('report', () => {
  const said = (error: unknown, verbose = false) => {
    const stream = new PassThrough();
    const code = report(error, stream, verbose);
    return [code, String(stream.read())] as const;
  };

  it('says what cannot be used in one line, exit code 2', () => {
    assert.deepEqual(said(new ConfigError('a key is wrong')), [2, 'replay: a key is wrong\n']);
    assert.deepEqual(said(new RecordingError('a file\n is broken')), [2, 'replay: a file is broken\n']);
  });

  it('calls what is our fault so, exit code 1', () => {
    const [code, text] = said(new TypeError('x is not a function'));
    assert.equal(code, 1);
    assert.equal(text, 'replay: internal error: x is not a function\nreplay: -v shows where\n');
    assert.equal(said(undefined)[0], 1);
  });

  it('shows where on request, and lets no control character through', () => {
    const [, text] = said(new ConfigError('bad \x1b[31m key', { cause: new Error('be\x07cause') }), true);
    assert.match(text, /^replay: bad \\x1b\[31m key\n[^]*report\.test\.ts[^]*cause/);
    // eslint-disable-next-line no-control-regex -- exactly these must not be there
    assert.doesNotMatch(text, /[\x00-\x09\x0b-\x1f]/);
  });
});
