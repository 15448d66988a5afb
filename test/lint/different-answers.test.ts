import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import { entry, requestOf } from '../support/replay';
import { linted } from './linting';

const POLL = 'http://h.example/poll';
const IN_ORDER = 'they answer in recorded order, each once: keep --reuse never for them';

describe('findDifferentAnswers', () => {
  it('names equal requests with different bodies', () => {
    assert.deepEqual(
      linted([entry(POLL, '1'), entry('http://h.example/', ''), entry(POLL, '2'), entry(POLL, '2')]),
      [`answers #1 #3 #4 GET ${POLL} has different answers to equal requests | ${IN_ORDER}`],
    );
  });

  it('names different statuses and redirects', () => {
    assert.equal(linted([entry(POLL, ''), entry(POLL, '', { answer: { status: 404 } })]).length, 1);
    const to = (location: string) => entry(POLL, '', { answer: { status: 302, headers: { location } } });
    assert.equal(linted([to('/a'), to('/b')]).length, 1);
    assert.equal(linted([to('/a'), to('/a')]).length, 0);
  });

  it('does not mind other headers, and content codings', () => {
    const dated = (date: string) => entry(POLL, '1', { answer: { headers: { date, etag: date } } });
    const coded = entry(POLL, '', {
      answer: { headers: { 'content-encoding': 'gzip' }, body: gzipSync('1') },
    });
    assert.deepEqual(linted([dated('a'), dated('b'), coded]), []);
  });

  it('suggests the header that tells them apart', () => {
    const flows = ['de', 'en'].map((language) =>
      entry(requestOf(POLL, { 'accept-language': language }), language),
    );
    assert.deepEqual(linted(flows), [
      `answers #1 #2 GET ${POLL} has different answers to equal requests, told apart by header.accept-language | --rheader accept-language`,
    ]);
  });

  it('leaves out what can never answer', () => {
    assert.deepEqual(linted([entry(POLL, '1'), entry(POLL, '2', { incomplete: true })], 'answers'), []);
  });

  it('does not print what a URL holds', () => {
    const secret = 'a1B2c3D4e5F6g7H8i9J0';
    const lines = linted(['1', '2'].map((text) => entry(`${POLL}/${secret}/x?token=${secret}`, text)));
    assert.match(lines.join('\n'), /^answers #1 #2 GET http:\/\/h\.example\/poll\/…\/x has/);
    assert.doesNotMatch(lines.join('\n'), /a1B2c3/);
  });
});
