import assert from 'node:assert/strict';
import { statusOf, UpstreamError } from '../../src/errors';
import {
  closedError,
  connectError,
  exchangeError,
  isClosing,
  standing,
} from '../../src/transport/upstream-errors';

const WHERE = 'a.example:443';
const coded = (code: string, message = 'cause') => Object.assign(new Error(message), { code });
const NOTHING = { begun: false, received: 0, expected: undefined };

describe('connectError', () => {
  for (const [code, status, sentence] of [
    ['ECONNREFUSED', 502, 'a.example:443 refused the connection; check that a server runs there'],
    ['ENOTFOUND', 502, 'the host of a.example:443 does not exist; check its spelling'],
    [
      'EHOSTUNREACH',
      502,
      'a.example:443 cannot be reached from here: there is no route to it (EHOSTUNREACH)',
    ],
    ['ETIMEDOUT', 504, 'a.example:443 did not answer the attempt to connect'],
    ['ECONNRESET', 502, 'a.example:443 closed the connection before it stood'],
    [
      'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED',
      502,
      'a.example:443 refused the TLS handshake: it wants a client certificate, or another one; name one with --cert and --key (ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED)',
    ],
    ['EWHATEVER', 502, 'no connection to a.example:443: cause'],
  ] as const) {
    it(`says what ${code} means`, () => {
      const error = connectError(coded(code), WHERE);
      assert.deepEqual([error.message, statusOf(error)], [sentence, status]);
    });
  }

  it('says what is wrong with a certificate, and what to do', () => {
    assert.equal(
      connectError(coded('CERT_HAS_EXPIRED'), WHERE).message,
      'the certificate of a.example:443 was refused: it has expired (CERT_HAS_EXPIRED); add its authority with --ca, or accept any certificate with --insecure',
    );
  });

  it('looks into the errors of several addresses', () => {
    const error = connectError(new AggregateError([coded('ECONNREFUSED'), coded('ENETUNREACH')]), WHERE);
    assert.match(error.message, /refused the connection/);
  });
});

describe('exchangeError', () => {
  it('leaves an error of ours as it is, and quotes one that it does not know', () => {
    const ours = new UpstreamError('ours', { status: 504 });
    assert.equal(exchangeError(ours, WHERE, NOTHING), ours);
    assert.equal(
      exchangeError(new Error('odd\nthing'), WHERE, NOTHING).message,
      'the exchange with a.example:443 broke off: odd thing',
    );
  });

  it('tells of a client certificate that is wanted, which a server may say late', () => {
    const error = exchangeError(coded('ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE'), WHERE, NOTHING);
    assert.match(error.message, /^a\.example:443 refused the TLS handshake: it wants a client certificate/);
  });

  it('is a 504 when the other side fell silent', () => {
    const error = exchangeError(coded('ETIMEDOUT'), WHERE, NOTHING);
    assert.match(error.message, /^a\.example:443 fell silent, and the connection was given up before/);
    assert.equal(statusOf(error), 504);
  });

  it('tells of a connection that was closed', () => {
    const { message } = exchangeError(closedError(), WHERE, { begun: true, received: 5, expected: 10 });
    assert.equal(message, 'a.example:443 closed the connection after 5 of 10 bytes');
  });
});

describe('standing', () => {
  it('says how far a response had come', () => {
    assert.equal(standing(NOTHING), 'before it sent a response');
    assert.equal(standing({ begun: true, received: 512, expected: 1000 }), 'after 512 of 1000 bytes');
    assert.equal(
      standing({ begun: true, received: 512, expected: undefined }),
      'after 512 bytes, before the end of its response',
    );
  });
});

describe('isClosing', () => {
  it('is true for a connection that ended, not for one that failed otherwise', () => {
    assert.deepEqual(
      [coded('ECONNRESET'), closedError(), coded('ETIMEDOUT'), new Error('x'), undefined].map(isClosing),
      [true, true, false, false, false],
    );
  });
});
