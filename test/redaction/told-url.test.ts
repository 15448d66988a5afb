import assert from 'node:assert/strict';
import { HttpRequest } from 'replay-proxy';
import { LONGEST_URL } from '../../src/miss/shortened';
import { Redaction } from '../../src/redaction/redaction';
import { toldTarget, toldUrl } from '../../src/redaction/told-url';
import { requestOf } from '../support/replay';

describe('a URL as it is told', () => {
  const redaction = new Redaction(['query.token']);

  it('has no secret, also where the cut parts it from its name', () => {
    assert.equal(toldUrl('http://h/?token=1&a=2', redaction), 'http://h/?token=redacted&a=2');
    const told = toldUrl(`http://h/?token=${'s3cret'.repeat(1000)}&a=${'b'.repeat(5000)}`, redaction);
    assert.ok(told.length <= LONGEST_URL);
    assert.doesNotMatch(told, /s3cret/);
  });

  it('is host and port for a tunnel', () => {
    const tunnel = new HttpRequest({ method: 'CONNECT', scheme: 'https', host: 'h', port: 443, path: '' });
    assert.equal(toldTarget(tunnel, redaction), 'h:443');
    assert.equal(toldTarget(requestOf('http://h/?token=1'), redaction), 'http://h/?token=redacted');
  });
});
