import assert from 'node:assert/strict';
import fc from 'fast-check';
import { formatAuthority, parseAuthority, parseOrigin, parseTarget } from '../../src/http/authority';
import { ConfigError } from '../../src/errors';

const label63 = 'a'.repeat(63);
const name253 = [label63, label63, label63, 'b'.repeat(61)].join('.');

describe('parseAuthority', () => {
  const good: Array<[text: string, host: string, port: number]> = [
    ['example.com:8080', 'example.com', 8080],
    ['example.com', 'example.com', 443],
    ['EXAMPLE.com', 'example.com', 443],
    ['example.com.:1', 'example.com.', 1],
    ['localhost:65535', 'localhost', 65535],
    ['api_server:3000', 'api_server', 3000],
    ['_service.example.com', '_service.example.com', 443],
    ['-odd-.example.com', '-odd-.example.com', 443],
    ['constructor', 'constructor', 443],
    ['ca.example.com', 'ca.example.com', 443],
    ['xn--bcher-kva.example', 'xn--bcher-kva.example', 443],
    ['127.0.0.1:80', '127.0.0.1', 80],
    ['[::1]:443', '::1', 443],
    ['[2001:DB8::A]', '2001:db8::a', 443],
    ['[::ffff:127.0.0.1]:80', '::ffff:127.0.0.1', 80],
    [`${name253}:65535`, name253, 65535],
    [`${name253}.:65535`, `${name253}.`, 65535],
  ];
  for (const [text, host, port] of good) {
    it(`reads ${text.slice(0, 40)}`, () => assert.deepEqual(parseAuthority(text, 443), { host, port }));
  }

  const bad = [
    '',
    ':80',
    '.',
    'a..b',
    '.a',
    'example.com:',
    'example.com:0',
    'example.com:65536',
    'example.com:99999',
    'example.com:+80',
    'example.com:8e1',
    'example.com:80:80',
    'user@example.com',
    'user:password@example.com:80',
    'a,b',
    'a, b',
    'example.com/',
    'example.com/path',
    'example.com?q',
    ' example.com',
    'example.com\n',
    'a\0b',
    'a\x7fb',
    'a%20b',
    'a\\b',
    '*',
    'bücher.example',
    '__proto__',
    'x.__proto__.com',
    '../x',
    '../../x',
    '..',
    'ca',
    'CA',
    'ca.',
    '127.1',
    '2130706433',
    '0x7f000001',
    '256.0.0.1',
    '1.2.3.4.5',
    '::1',
    '[::1',
    '[]',
    '[::1%25eth0]',
    '[fe80::1%eth0]:80',
    '[127.0.0.1]',
    '[example.com]',
    '[::1]x',
    `${label63}a.com`,
    `${name253}c`,
    'a'.repeat(1_000_000),
    '['.repeat(1_000_000),
  ];
  for (const text of bad) {
    it(`refuses ${JSON.stringify(text.slice(0, 40))}`, () =>
      assert.equal(parseAuthority(text, 443), undefined));
  }

  it('wants a port where there is no default', () => assert.equal(parseAuthority('example.com'), undefined));

  it('reads back what formatAuthority writes', () => {
    const hosts = fc.oneof(fc.domain(), fc.ipV4(), fc.ipV6()).map((host) => host.toLowerCase());
    fc.assert(
      fc.property(
        hosts,
        fc.integer({ min: 1, max: 65535 }),
        fc.option(fc.constantFrom(80, 443)),
        (host, port, preset) => {
          const text = formatAuthority(host, port, preset ?? undefined);
          assert.deepEqual(parseAuthority(text, preset ?? undefined), { host, port });
        },
      ),
    );
  });

  it('never throws and gives only hosts that formatAuthority can write', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.webAuthority()), (text) => {
        const read = parseAuthority(text, 80);
        if (read) assert.deepEqual(parseAuthority(formatAuthority(read.host, read.port)), read);
      }),
    );
  });
});

describe('formatAuthority', () => {
  it('puts IPv6 in brackets and leaves the default port out', () => {
    assert.equal(formatAuthority('::1', 443), '[::1]:443');
    assert.equal(formatAuthority('::1', 443, 443), '[::1]');
    assert.equal(formatAuthority('example.com', 80, 80), 'example.com');
    assert.equal(formatAuthority('example.com', 81, 80), 'example.com:81');
  });
});

describe('parseTarget', () => {
  const paths = ['/', '/a//b', '//', '/../x', '/%zz', '/a;b?c=d&e', '/?', '/a#b', '/é', '/a?http://x/'];
  for (const path of paths) {
    it(`keeps the path ${path}`, () =>
      assert.deepEqual(parseTarget(`http://h:81${path}`), { scheme: 'http', host: 'h', port: 81, path }));
  }

  it('takes no path for /', () => {
    assert.deepEqual(parseTarget('HTTPS://[::1]'), { scheme: 'https', host: '::1', port: 443, path: '/' });
    assert.deepEqual(parseTarget('http://h?a'), { scheme: 'http', host: 'h', port: 80, path: '/?a' });
  });

  const bad = [
    '/',
    '*',
    'h:80',
    'http:h',
    'http:/h',
    'http:///x',
    'ftp://h/',
    'http://u@h/',
    'http://h:0/',
    'http://127.0.0.1:99999/',
  ];
  for (const text of [
    ...bad,
    'http://h\\x/',
    'http://h/a b',
    'http://h/a\nb',
    'http://h/\0',
    ' http://h/',
    '',
  ]) {
    it(`refuses ${JSON.stringify(text)}`, () => assert.equal(parseTarget(text), undefined));
  }
});

describe('parseOrigin', () => {
  const good: Array<[string, ReturnType<typeof parseOrigin>]> = [
    ['http://example.com', { scheme: 'http', host: 'example.com', port: 80 }],
    ['https://Example.com/', { scheme: 'https', host: 'example.com', port: 443 }],
    ['http://[::1]:3000', { scheme: 'http', host: '::1', port: 3000 }],
    ['https://bücher.example:8443', { scheme: 'https', host: 'xn--bcher-kva.example', port: 8443 }],
  ];
  for (const [text, origin] of good) it(`reads ${text}`, () => assert.deepEqual(parseOrigin(text), origin));

  const bad: Array<[string, RegExp]> = [
    ['example.com', /"example.com" has no scheme; write http:\/\//],
    ['localhost:3000', /has no scheme/],
    ['', /has no scheme/],
    ['ftp://example.com', /the scheme ftp; only http and https/],
    ['http://me:secret@example.com', /^origin "http:\/\/…@example.com" .*leave out everything up to the @/],
    ['http://example.com/api', /leave out "\/api"/],
    ['http://example.com?x', /leave out "\?x"/],
    ['http://', /no usable host and port/],
    ['http://example.com:99999', /no usable host and port/],
    ['http://a b\n', /no usable host and port/],
    ['http://é\0', /no usable host and port/],
  ];
  for (const [text, message] of bad) {
    it(`says what is wrong with ${JSON.stringify(text)}`, () =>
      assert.throws(
        () => parseOrigin(text),
        (error) =>
          error instanceof ConfigError && message.test(error.message) && !error.message.includes('\n'),
      ));
  }
});
