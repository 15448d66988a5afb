import assert from 'node:assert/strict';
import { Body, type HttpRequest, type RecordedFlow } from 'replay-proxy';
import { FacetPatterns } from '../../../src/facets/facet-patterns';
import { ReplayIndex } from '../../../addons/server-replay/replay-index';
import { requestKey } from '../../../src/facets/request-key';
import { entry, postJson, requestOf } from '../../support/replay';

const URL = 'http://shop.example/';

function indexOf(flows: readonly RecordedFlow[], ignore: readonly string[] = [], headers: string[] = []) {
  const index = new ReplayIndex(flows, {
    keyFor: (redacted) => requestKey(headers, new FacetPatterns([...ignore, ...redacted]), undefined),
    matters: (name) => headers.length > 0 || !name.startsWith('header.'),
  });
  return {
    find: (request: HttpRequest, ...sessions: string[]) => index.find(request, ['', ...sessions]),
    index,
  };
}

describe('ReplayIndex', () => {
  it('finds all equal requests in recorded order, the same list again', () => {
    const flows = [
      entry(postJson(URL, '{"a":1,"b":2}'), ''),
      entry(URL, ''),
      entry(postJson(URL, '{"b":2,"a":1}'), ''),
    ];
    const index = indexOf(flows);
    const found = index.find(postJson(URL, '{ "a": 1, "b": 2 }'));
    assert.deepEqual(found, [flows[0], flows[2]]);
    assert.equal(index.find(postJson(URL, '{"a":1,"b":2}')), found);
    assert.deepEqual(index.find(requestOf(`POST ${URL}`)), []);
    assert.deepEqual(index.find(requestOf('http://other.example/')), []);
  });

  it('reads a body only for a request with the same head', () => {
    let reads = 0;
    const body = Body.file({ length: 1, read: () => (reads++, Buffer.from('x')) });
    const index = indexOf([entry(requestOf(`POST ${URL}a`, {}, body), '')]);
    assert.deepEqual(index.find(requestOf(`POST ${URL}b`, {}, 'x')), []);
    assert.equal(reads, 0);
    assert.equal(index.find(requestOf(`POST ${URL}a`, {}, 'x')).length, 1);
    assert.equal(index.find(requestOf(`POST ${URL}a`, {}, 'y')).length, 0);
    assert.equal(reads, 1);
  });

  it('tries a body again that could not be read', () => {
    let fails = true;
    const read = () => {
      if (fails) throw new Error('disk gone');
      return Buffer.from('x');
    };
    const index = indexOf([entry(requestOf(`POST ${URL}`, {}, Body.file({ length: 1, read })), '')]);
    assert.throws(() => index.find(requestOf(`POST ${URL}`, {}, 'x')), /disk gone/);
    fails = false;
    assert.equal(index.find(requestOf(`POST ${URL}`, {}, 'x')).length, 1);
  });

  it('takes a request body that was not stored for unknown: it equals no other, empty or of its kind', () => {
    const unknown = entry(requestOf(`POST ${URL}`), '', { unstored: { request: true } });
    const ask = [
      requestOf(`POST ${URL}`),
      requestOf(`POST ${URL}`, {}, 'x'),
      requestOf(`POST ${URL}`, {}, streaming()),
    ];
    for (const request of ask) {
      assert.deepEqual(indexOf([unknown]).find(request), []);
      assert.deepEqual(indexOf([unknown], ['body.nonce']).find(request), []);
      assert.deepEqual(indexOf([unknown], ['body']).find(request), [unknown]);
    }
  });

  it('does not compare what was taken out of an entry, of that entry only', () => {
    const login = (token: string) => {
      const request = postJson(URL, `{"user":"ann","password":"${token}"}`);
      request.headers.set('authorization', token);
      return request;
    };
    const flows = [
      entry(login('***'), '', { redacted: ['body.password', 'header.authorization'] }),
      entry(login('***'), ''),
      entry(login('secret'), ''),
      entry(login('***'), '', { redacted: ['header.authorization', 'body.password', ''] }),
    ];
    const index = indexOf(flows, [], ['authorization']);
    assert.deepEqual(index.find(login('secret')), [flows[0], flows[2], flows[3]]);
    assert.deepEqual(index.find(login('***')), [flows[0], flows[1], flows[3]]);
  });

  it('sorts bodies beforehand, in small steps, and finds the same', async () => {
    let reads = 0;
    const flows = Array.from({ length: 400 }, (_, i) => {
      const bytes = Buffer.from(String(i % 200));
      const body = Body.file({ length: bytes.length, read: () => ((reads += 1), bytes) });
      return entry(requestOf(`POST ${URL}`, {}, body), '');
    });
    const { find, index } = indexOf(flows);
    let turns = 0;
    await index.prepare(() => (turns += 1) > 3);
    assert.ok(reads > 0 && reads < 400, 'it was over before the end');
    assert.deepEqual(find(requestOf(`POST ${URL}`, {}, '7')), [flows[7], flows[207]]);
    assert.equal(reads, 400);
    await index.prepare(() => false);
    assert.equal(reads, 400);
  });

  it('gives the same list for entries of several kinds, until one is added', () => {
    const flows = [
      entry(URL, '', { session: 'a' }),
      entry(URL, ''),
      entry(URL, '', { redacted: ['header.cookie'] }),
    ];
    const { find, index } = indexOf(flows);
    assert.deepEqual(find(requestOf(URL), 'a'), flows);
    assert.equal(find(requestOf(URL), 'a'), find(requestOf(URL), 'a'));
    assert.deepEqual(find(requestOf(URL)), flows.slice(1));
    const later = entry(URL, '');
    index.add(later);
    assert.deepEqual(find(requestOf(URL), 'a'), [...flows, later]);
  });
});

function streaming(): Body {
  return Body.stream((async function* () {})());
}
