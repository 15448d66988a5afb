import assert from 'node:assert/strict';
import { Gate, type GateOptions, isSessionName } from '../../src/transport/gate';

const basic = (text: string) => `Basic ${Buffer.from(text, 'utf8').toString('base64')}`;

function admit(options: GateOptions, credentials?: string, session?: string): string {
  const admission = new Gate(options).admit(credentials, session);
  if (!('sentence' in admission)) return admission.session;
  if (admission.status === 407) assert.match(admission.headers!['proxy-authenticate']!, /^Basic realm=/);
  return String(admission.status);
}

describe('the gate', () => {
  it('takes the user name for the session, whatever the password', () => {
    for (const [credentials, session] of [
      [undefined, ''],
      [basic('checkout-7:x'), 'checkout-7'],
      [basic('checkout-7:'), 'checkout-7'],
      [basic('checkout-7'), 'checkout-7'],
      [basic('näme:a:b'), 'näme'],
      [basic(':x'), ''],
      [`basic   ${basic('a:b').slice(6)}`, 'a'],
      ['Bearer abc', ''],
      ['Basic /zp4', '\xff'],
      ['Basic /jp4', '\xfe'],
      ['Basic !!!', ''],
      [basic('a\nb:x'), '400'],
      [basic(`${'a'.repeat(201)}:x`), '400'],
    ] as const) {
      assert.equal(admit({ sessions: true }, credentials), session, credentials);
    }
  });

  it('says that it reads no other credentials than Basic: once, or to who has to send some', () => {
    const warnings: string[] = [];
    const open = new Gate({ sessions: true }, (line) => warnings.push(line));
    for (const credentials of ['Bearer s3cret', 'Digest username="s3cret"'])
      assert.deepEqual(open.admit(credentials), { session: '' });
    assert.deepEqual(warnings, [
      'a client sends proxy credentials of the scheme Bearer, which are not read; Basic ones name a session',
    ]);
    for (const options of [{ sessions: true, proxyAuth: 'x' }, { sessions: 'required' }] as const) {
      for (const [credentials, what] of [
        ['Bearer s3cret', 'the scheme Bearer'],
        ['Basic s3cret!', 'Basic that cannot be decoded'],
        ['s3cret="a"', 'the scheme unknown'],
        ['', 'the scheme unknown'],
      ] as const) {
        const refusal = new Gate(options, assert.fail).admit(credentials);
        assert.ok('sentence' in refusal && refusal.status === 407);
        assert.match(
          refusal.sentence,
          new RegExp(`^proxy credentials of ${what} are not read here; send Basic ones`),
        );
        assert.doesNotMatch(refusal.sentence, /s3cret/);
      }
    }
    assert.deepEqual(new Gate({ sessions: 'required' }, () => {}).admit('Bearer x', 'port'), {
      session: 'port',
    });
  });

  it('checks what was read elsewhere alike', () => {
    const gate = new Gate({ sessions: true, proxyAuth: 'secret' });
    assert.deepEqual(gate.check({ user: 'a', password: 'secret' }), { session: 'a' });
    assert.ok('sentence' in gate.check({ user: 'a', password: 'wrong' }));
    assert.ok('sentence' in gate.check(undefined));
  });

  it('asks who names no session, where one is required', () => {
    assert.equal(admit({ sessions: 'required' }), '407');
    assert.equal(admit({ sessions: 'required' }, basic(':x')), '407');
    assert.equal(admit({ sessions: 'required' }, basic('a:x')), 'a');
    assert.equal(admit({ sessions: 'required' }, undefined, 'port'), 'port');
  });

  it('knows no sessions where they are off', () => {
    assert.equal(admit({ sessions: false }, basic('a:x')), '');
  });

  it('checks the password alone; the user name is free', () => {
    for (const proxyAuth of ['secret', 'anybody:secret', ':secret']) {
      assert.equal(admit({ sessions: true, proxyAuth }), '407');
      assert.equal(admit({ sessions: true, proxyAuth }, basic('a:wrong')), '407');
      assert.equal(admit({ sessions: true, proxyAuth }, basic('a:secret')), 'a');
      assert.equal(admit({ sessions: true, proxyAuth }, basic(':secret')), '');
      assert.equal(admit({ sessions: false, proxyAuth }, basic('b:secret')), '');
      assert.equal(admit({ sessions: true, proxyAuth }, undefined, 'port'), '407');
      assert.equal(admit({ sessions: true, proxyAuth }, basic('x:secret'), 'port'), 'port');
    }
    assert.equal(admit({ sessions: true, proxyAuth: ':a:b' }, basic('x:a:b')), 'x');
  });
});

describe('a gate with an empty password', () => {
  it('is refused', () => {
    for (const proxyAuth of ['', ':', 'user:'])
      assert.throws(() => new Gate({ sessions: true, proxyAuth }), { code: 'ERR_CONFIG' });
  });
});

describe('a session name', () => {
  it('has no control characters, and at least one and at most 200 others', () => {
    assert.deepEqual(['a', 'a b/ü', 'a'.repeat(200), '', 'a\x00', 'a'.repeat(201)].map(isSessionName), [
      true,
      true,
      true,
      false,
      false,
      false,
    ]);
  });
});
