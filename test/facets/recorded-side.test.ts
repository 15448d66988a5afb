import assert from 'node:assert/strict';
import { canCount, redactedOf, subjectOf } from '../../src/facets/recorded-side';
import { entry } from '../support/replay';

describe('the recorded side of a comparison', () => {
  it('leaves out what was taken out of the request, each name once, in one order', () => {
    assert.deepEqual(redactedOf({}), []);
    const redacted = ['query.b', '', 'response.body.token', 'body.a', 'query.b'];
    assert.deepEqual(redactedOf({ redacted }), ['body.a', 'query.b']);
  });

  it('is the same without a header that is not compared', () => {
    assert.equal(canCount('header.cookie', []), false);
    assert.equal(canCount('header', []), false);
    assert.equal(canCount('header.cookie', ['cookie']), true);
    assert.equal(canCount('body.headers', []), true);
  });

  it('has a body of its own kind when it was not stored', () => {
    const content = (number: number) =>
      subjectOf({ ...entry('http://h.example/', ''), number, unstored: { request: true } }).content;
    assert.equal(content(1)?.kind, 'bytes');
    assert.notDeepEqual(content(1), content(2));
  });
});
