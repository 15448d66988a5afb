import assert from 'node:assert/strict';
import { HttpHeaders, type HeadersLike } from '../../src/http/headers';
import {
  acceptOf,
  clientExtensions,
  openingHeaders,
  readableExtensions,
  switchingHeaders,
  upstreamExtensions,
  webSocketKey,
} from '../../src/transport/web-socket-handshake';
import { loadWs } from '../../src/transport/ws-parts';

const KEY = 'dGhlIHNhbXBsZSBub25jZQ==';
const ACCEPT = 's3pPLMBiTxaQ9kYGzzhZRbK+xOo=';
const asked = (extensions?: string) =>
  new HttpHeaders({
    'sec-websocket-key': KEY,
    ...(extensions === undefined ? {} : { 'sec-websocket-extensions': extensions }),
  });

describe('webSocketKey', () => {
  const key = (headers: HeadersLike, method = 'GET') =>
    webSocketKey({ method, headers: new HttpHeaders(headers) });

  it('is that of a handshake', () => {
    assert.equal(key({ Upgrade: 'WebSocket', 'Sec-WebSocket-Key': KEY }), KEY);
    assert.equal(key({ upgrade: 'foo, websocket', 'sec-websocket-key': ` ${KEY}` }), KEY);
  });

  it('is missing from all else', () => {
    assert.equal(key({ upgrade: 'foo', 'sec-websocket-key': KEY }), undefined);
    assert.equal(key({ upgrade: 'websocket' }), undefined);
    assert.equal(key({ upgrade: 'websocket', 'sec-websocket-key': 'short' }), undefined);
    assert.equal(key({ upgrade: 'websocket', 'sec-websocket-key': [KEY, KEY] }), undefined);
    assert.equal(key({ upgrade: 'websocket', 'sec-websocket-key': KEY }, 'POST'), undefined);
  });
});

describe('acceptOf', () => {
  it('answers the example of RFC 6455 §1.3', () => assert.equal(acceptOf(KEY), ACCEPT));
});

describe('readableExtensions', () => {
  it('keeps offers of compression as they are, and no others', () => {
    const offers = 'permessage-deflate; client_max_window_bits=12, permessage-deflate';
    assert.equal(readableExtensions(`foo, ${offers}, x-webkit-deflate-frame`), offers);
    assert.equal(readableExtensions('foo'), '');
  });
});

describe('upstreamExtensions', () => {
  const agree = async (offer: string | undefined, answer: HeadersLike) =>
    upstreamExtensions(asked(offer), new HttpHeaders(answer), {
      ws: await loadWs(),
      maxPayload: 1024,
      where: 'chat.example:80',
    });

  it('are none, or the compression that was offered', async () => {
    assert.deepEqual(await agree(undefined, { 'sec-websocket-accept': ACCEPT }), {});
    const agreed = await agree('permessage-deflate', {
      'sec-websocket-accept': ACCEPT,
      'sec-websocket-extensions': 'permessage-deflate; server_no_context_takeover',
    });
    assert.ok(agreed['permessage-deflate']);
  });

  it('are refused in what is no handshake', async () => {
    for (const [offer, answer, why] of [
      [undefined, {}, /does not answer the key/],
      [undefined, { 'sec-websocket-accept': 'wrong' }, /does not answer the key/],
      [
        undefined,
        { 'sec-websocket-accept': ACCEPT, 'sec-websocket-extensions': 'permessage-deflate' },
        /not offered/,
      ],
      [
        'permessage-deflate',
        { 'sec-websocket-accept': ACCEPT, 'sec-websocket-extensions': 'foo' },
        /other extensions/,
      ],
      [
        'permessage-deflate',
        { 'sec-websocket-accept': ACCEPT, 'sec-websocket-extensions': ';;' },
        /Unexpected/,
      ],
    ] as const)
      await assert.rejects(agree(offer, answer), { status: undefined, code: 'ERR_UPSTREAM', message: why });
  });
});

describe('clientExtensions', () => {
  const agree = async (offer: string | undefined, wanted: string | undefined) => {
    const response = new HttpHeaders(wanted === undefined ? {} : { 'sec-websocket-extensions': wanted });
    return clientExtensions(asked(offer), response, { ws: await loadWs(), maxPayload: 1024 }).header;
  };

  it('are those of the response as far as the client goes along', async () => {
    assert.equal(await agree('permessage-deflate', 'permessage-deflate'), 'permessage-deflate');
    assert.equal(
      await agree('permessage-deflate; client_max_window_bits', 'permessage-deflate'),
      'permessage-deflate',
    );
    assert.equal(
      await agree(
        'permessage-deflate; client_max_window_bits',
        'permessage-deflate; client_max_window_bits=10',
      ),
      'permessage-deflate; client_max_window_bits=10',
    );
    assert.equal(
      await agree(
        'permessage-deflate',
        'permessage-deflate; client_max_window_bits=10; server_no_context_takeover',
      ),
      'permessage-deflate; server_no_context_takeover',
    );
    assert.equal(
      await agree(
        'permessage-deflate',
        'permessage-deflate; client_no_context_takeover; server_max_window_bits=11',
      ),
      'permessage-deflate; client_no_context_takeover; server_max_window_bits=11',
    );
  });

  it('are none where either has none, or what it says is garbled', async () => {
    assert.equal(await agree(undefined, 'permessage-deflate'), undefined);
    assert.equal(await agree('permessage-deflate', undefined), undefined);
    assert.equal(await agree('permessage-deflate;;', 'permessage-deflate'), undefined);
    assert.equal(await agree('foo', 'permessage-deflate'), undefined);
  });
});

describe('openingHeaders', () => {
  it('keep the lines of the response, and answer this client', () => {
    const response = new HttpHeaders([
      ['upgrade', 'websocket'],
      ['Set-Cookie', 'a=1'],
      ['sec-websocket-ACCEPT', 'another'],
      ['CONNECTION', 'upgrade'],
      ['Sec-WebSocket-Protocol', 'chat'],
      ['Sec-WebSocket-Extensions', 'permessage-deflate'],
      ['Set-Cookie', 'b=2'],
      ['Content-Length', '0'],
    ]);
    assert.deepEqual(
      [...openingHeaders(response, { key: KEY, extensions: undefined })],
      [
        ['upgrade', 'websocket'],
        ['Set-Cookie', 'a=1'],
        ['sec-websocket-ACCEPT', ACCEPT],
        ['CONNECTION', 'upgrade'],
        ['Sec-WebSocket-Protocol', 'chat'],
        ['Set-Cookie', 'b=2'],
      ],
    );
  });

  it('are made from nothing', () => {
    assert.deepEqual(
      [...openingHeaders(new HttpHeaders(), { key: KEY, extensions: 'permessage-deflate' })],
      [
        ['Upgrade', 'websocket'],
        ['Connection', 'Upgrade'],
        ['Sec-WebSocket-Accept', ACCEPT],
        ['Sec-WebSocket-Extensions', 'permessage-deflate'],
      ],
    );
  });
});

describe('switchingHeaders', () => {
  it('name the protocol of the response, else the one that was asked for', () => {
    assert.equal(switchingHeaders(new HttpHeaders({ upgrade: 'foo/2' }), 'foo').get('upgrade'), 'foo/2');
    assert.equal(switchingHeaders(new HttpHeaders(), 'foo').get('upgrade'), 'foo');
    const named = switchingHeaders(
      new HttpHeaders({ connection: 'Upgrade, X-Y', 'x-y': '1', x: '2' }),
      'foo',
    );
    assert.deepEqual(
      [...named],
      [
        ['connection', 'Upgrade'],
        ['x', '2'],
        ['Upgrade', 'foo'],
      ],
    );
  });
});
