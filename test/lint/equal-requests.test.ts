import assert from 'node:assert/strict';
import { Body } from '../../src/http/body';
import { equalRequests } from '../../src/lint/equal-requests';
import type { RecordedFlow } from '../../src/recording/recorded-flow';
import { entry, postJson, requestOf } from '../support/replay';

function groups(flows: readonly RecordedFlow[], ignore: string[] = []): string[] {
  const plain = () => ({ headers: [], ignore, reuse: 'never' });
  return equalRequests(
    flows.map((flow, i) => ({ ...flow, number: i + 1 })),
    plain,
  ).map((group) => group.map(({ number }) => number).join());
}

const POLL = 'http://h.example/poll';

describe('equalRequests', () => {
  it('groups what a request could get any of', () => {
    assert.deepEqual(
      groups([
        entry(`${POLL}?a=1&b=2`, ''),
        entry(POLL, ''),
        entry(`${POLL}?b=2&a=1`, ''),
        entry(requestOf(POLL, { accept: 'text/html' }), ''),
        entry(`POST ${POLL}`, ''),
      ]),
      ['1,3', '2,4'],
    );
  });

  it('compares bodies as replaying does', () => {
    assert.deepEqual(
      groups(['{"a":1,"b":2}', '{"b":2,"a":1}', '{"a":1}'].map((text) => entry(postJson(POLL, text), ''))),
      ['1,2'],
    );
  });

  it('compares large bodies by their bytes', () => {
    const large = (text: string) =>
      Body.file({
        length: 2 * 1024 * 1024,
        digest: text,
        read: () => {
          throw new Error('not to be read');
        },
      });
    assert.deepEqual(
      groups(['a', 'b', 'a'].map((text) => entry(requestOf(`POST ${POLL}`, {}, large(text)), ''))),
      ['1,3'],
    );
  });

  it('does not compare what was taken out', () => {
    const flows = ['1', '2'].map((t) => entry(`${POLL}?t=${t}`, '', { redacted: ['', 'query.t'] }));
    assert.deepEqual(groups(flows), ['1,2']);
    const bodies = ['1', '2'].map((t) =>
      entry(postJson(POLL, `{"t":${t},"a":1}`), '', { redacted: ['body.t'] }),
    );
    assert.deepEqual(groups([...bodies, entry(postJson(POLL, '{"a":1}'), '')]), ['1,2']);
    const unknown = entry(`POST ${POLL}`, '', { unstored: { request: true } });
    assert.deepEqual(groups([unknown, unknown]), []);
    assert.deepEqual(groups([unknown, unknown].map((one) => ({ ...one, redacted: ['body'] }))), ['1,2']);
  });

  it('compares what one session may get, and not what was taken out of headers', () => {
    const of = (session: string, redacted: string[] = []) => entry(POLL, '', { session, redacted });
    assert.deepEqual(groups([of(''), of('a'), of('b'), of('a')]), ['1,2,4', '1,3']);
    assert.deepEqual(groups([of(''), of('', ['header.cookie', 'response.body.x'])]), ['1,2']);
  });

  it('keeps apart what answers different clients', () => {
    const part = (range: string) => entry(requestOf(POLL, { range }), '', { answer: { status: 206 } });
    assert.deepEqual(
      groups([
        entry(POLL, '', { session: 'a' }),
        entry(POLL, '', { session: 'b' }),
        entry(POLL, '', { session: 'a' }),
        part('bytes=0-1'),
        part('bytes=2-3'),
        entry(POLL, '', { answer: { status: 304 } }),
        entry(POLL, ''),
      ]),
      ['1,3,7', '2,7'],
    );
  });

  it('leaves out a body that cannot be read', () => {
    const gone = Body.file({
      length: 1,
      read: () => {
        throw new Error('gone');
      },
    });
    assert.deepEqual(groups([1, 2].map(() => entry(requestOf(`POST ${POLL}`, {}, gone), ''))), []);
  });

  it('compares no body that is ignored, stored or not', () => {
    const flows = [undefined, { request: true }].map((unstored) =>
      entry(`POST ${POLL}`, '', unstored ? { unstored } : {}),
    );
    assert.deepEqual(groups(flows), []);
    assert.deepEqual(groups(flows, ['body']), ['1,2']);
  });
});
