import assert from 'node:assert/strict';
import { type Greeting, greeting } from '../../src/cli/greeting';

const PLAIN: Greeting = {
  urls: ['http://127.0.0.1:8080'],
  config: { addons: [] },
  file: undefined,
  loaded: 0,
  certificate: '/home/me/ca.pem',
  tryLine: undefined,
};
const CA = 'CA certificate, for clients to trust: /home/me/ca.pem';

describe('greeting', () => {
  it('says where the proxy listens', () => {
    const config: Greeting['config'] = { record: { to: 'a.har' }, addons: [] };
    const lines = greeting({ ...PLAIN, config });
    assert.deepEqual(lines, ['listening on http://127.0.0.1:8080', 'recording to: a.har', CA]);
  });

  it('says all the places where the proxy listens', () => {
    const config = { listeners: ['socks5', { mode: { reverse: 'https://shop.example' } }], addons: [] };
    const urls = ['socks5://127.0.0.1:1080', 'http://127.0.0.1:8080'];
    assert.deepEqual(greeting({ ...PLAIN, urls, config: config as Greeting['config'] }).slice(0, 2), [
      'listening on socks5://127.0.0.1:1080, for SOCKS5 (socks5h:// in curl and git)',
      'listening on http://127.0.0.1:8080, in place of https://shop.example',
    ]);
  });

  it('says which proxy it leaves through, without credentials', () => {
    const line = (upstream: Greeting['config']['upstream']) =>
      greeting({ ...PLAIN, config: { upstream, addons: [] } as Greeting['config'] })[1];
    assert.equal(line({ proxy: 'http://me:secret@p:3128' }), 'leaving through: http://p:3128');
    assert.equal(
      line({ proxy: 'env', noProxy: ['localhost', '*.corp'] }),
      'leaving through: what the environment says, but for localhost, *.corp',
    );
  });

  it('says in which mode it records', () => {
    const line = (config: Greeting['config']) => greeting({ ...PLAIN, config }).at(-2);
    const addons: [] = [];
    assert.equal(line({ record: { to: 'a.har', mode: 'once' }, addons }), 'recording once to: a.har');
    assert.equal(
      line({ record: { to: '+a.har', mode: 'missing' }, addons }),
      'recording what is missing to: a.har',
    );
    assert.equal(
      line({ record: { mode: 'once' }, replay: { from: ['a.har'] }, addons }),
      'recorded before, so nothing more is; to record anew, delete a.har',
    );
  });

  it('says so when there is nothing for it to do', () => {
    assert.equal(greeting(PLAIN)[1], 'nothing is replayed (-S) or recorded (-w): every request is forwarded');
  });

  it('says what is replayed, recorded and to be tried', () => {
    const config: Greeting['config'] = {
      mode: { reverse: 'https://shop.example' },
      replay: { from: ['a.har', 'b.mitm'] },
      record: { to: '+c.har' },
      unmatched: 'kill',
      addons: [],
    };
    assert.deepEqual(greeting({ ...PLAIN, config, file: 'replay.config.ts', loaded: 3, tryLine: 'curl x' }), [
      'listening on http://127.0.0.1:8080, in place of https://shop.example',
      'config: replay.config.ts',
      'replaying: 3 entries from a.har, b.mitm',
      'recording to: c.har',
      CA,
      'try: curl x',
    ]);
  });

  it('warns of -k without a recording', () => {
    const lines = greeting({ ...PLAIN, config: { unmatched: 'kill', addons: [] } });
    assert.equal(lines[1], '-k without a recording: every request is killed');
  });

  it('lets no control character through', () => {
    assert.equal(greeting({ ...PLAIN, tryLine: 'a\x1bb' }).at(-1), 'try: a\\x1bb');
  });
});
