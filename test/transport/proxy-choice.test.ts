import assert from 'node:assert/strict';
import { type Environment, proxyChoice, type ProxyChoice } from '../../src/transport/proxy-choice';

const choose = (
  choice: ProxyChoice,
  env: Environment,
  scheme: 'http' | 'https' = 'https',
  host = 'shop.example',
) => proxyChoice(choice, env)({ scheme, host, port: 443 })?.shown;

describe('proxyChoice', () => {
  const ENV = {
    http_proxy: 'plain:1',
    HTTPS_PROXY: 'http://secure:2',
    NO_PROXY: 'corp.example, nonsense/99',
  };

  it('is none unless told, whatever the environment says', () => {
    assert.equal(choose({}, ENV), undefined);
    assert.equal(choose({ noProxy: ['a'] }, ENV), undefined);
  });

  it('is the one that is told, but for what goes past it', () => {
    const told = { proxy: 'socks5://p', noProxy: ['corp.example', '10.0.0.0/8'] };
    assert.equal(choose(told, ENV), 'socks5://p:1080');
    assert.equal(choose(told, ENV, 'http'), 'socks5://p:1080');
    assert.equal(choose(told, ENV, 'http', 'a.corp.example'), undefined);
    assert.equal(choose({ proxy: 'p' }, ENV, 'http', 'a.corp.example'), 'http://p:80');
  });

  it('is what the environment says when it is asked for', () => {
    const env = { proxy: 'env' };
    assert.equal(choose(env, ENV), 'http://secure:2');
    assert.equal(choose(env, ENV, 'http'), 'http://plain:1');
    assert.equal(choose(env, ENV, 'http', 'a.corp.example'), undefined);
    assert.equal(choose({ ...env, noProxy: ['shop.example'] }, ENV), undefined);
    assert.equal(choose(env, { all_proxy: 'all:3', http_proxy: 'http://plain:1' }), 'http://all:3');
    assert.equal(choose(env, { HTTP_PROXY: 'big:1', http_proxy: 'small:1' }, 'http'), 'http://small:1');
    assert.equal(choose(env, { http_proxy: '', HTTP_PROXY: '' }, 'http'), undefined);
    assert.equal(choose(env, {}), undefined);
  });

  it('names what cannot be read', () => {
    assert.throws(() => proxyChoice({ proxy: 'ftp://p' }, {}), { code: 'ERR_CONFIG' });
    assert.throws(() => proxyChoice({ proxy: 'env' }, { https_proxy: 'ftp://p' }), { code: 'ERR_CONFIG' });
    assert.throws(() => proxyChoice({ proxy: 'p', noProxy: ['/'] }, {}), { code: 'ERR_CONFIG' });
  });
});
