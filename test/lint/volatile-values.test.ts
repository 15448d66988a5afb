import assert from 'node:assert/strict';
import { HttpRequest } from '../../src/http/request';
import type { RecordedFlow } from '../../src/recording/recorded-flow';
import { entry } from '../support/replay';
import { linted, THEN } from './linting';

const UUID = '0190163d-8694-739b-aea5-966c26f8ad91';
const volatile = (...flows: RecordedFlow[]) => linted(flows, 'volatile');

function asked(query: string, { body = '', answer = '' } = {}): RecordedFlow {
  const url = `http://h.example/?${query}`;
  return entry(HttpRequest.to(url, { method: 'POST', startedAt: THEN, body }), answer);
}

describe('VolatileValues', () => {
  it('names what is made up for each request, and how to ignore it', () => {
    assert.deepEqual(
      volatile(
        asked(`page=1&_=${THEN + 5}`),
        asked(`page=2&_=${THEN + 9}`, { body: `{"events":[{"a.b":"${UUID}"}],"at":"2026-01-02T03:04:06Z"}` }),
      ),
      [
        'volatile #1 #2 query._ holds a timestamp | --ignore query._',
        'volatile #2 body.at holds a timestamp | --ignore body.at',
        "volatile #2 body.events.*.a\\.b holds a UUID | --ignore 'body.events.*.a\\.b'",
      ],
    );
  });

  it('does not mind a time that is not now', () => {
    assert.deepEqual(volatile(asked(`since=${THEN - 30 * 86_400_000}&birthday=1990-05-06`)), []);
  });

  it('does not mind what comes again', () => {
    assert.deepEqual(volatile(asked(`id=${UUID}&page=1`), asked(`id=${UUID}&page=2`)), []);
  });

  it('does not mind what an earlier response gave to the client', () => {
    const gives = asked('', { answer: `{"id":"${UUID}"}` });
    const uses = asked(`id=${UUID}`);
    assert.deepEqual(volatile(gives, uses), []);
    assert.equal(volatile(uses, gives).length, 1);
    const redirects = entry('http://h.example/', '', {
      answer: { status: 302, headers: { location: `/next?id=${UUID}` } },
    });
    assert.deepEqual(volatile(redirects, uses), []);
  });

  it('does not take an answer that echoes a value for its source', () => {
    assert.equal(volatile(asked(`id=${UUID}`, { answer: UUID })).length, 1);
  });

  it('does not mind what was taken out, and never says to ignore all', () => {
    assert.deepEqual(volatile({ ...asked(`id=${UUID}`), redacted: ['query.id'] }), []);
    assert.deepEqual(volatile(asked(`5d41402abc4b2a76b9719d911017c592=${UUID}`)), []);
  });

  it('does not look at paths and headers', () => {
    const url = 'http://h.example/commit/5d41402abc4b2a76b9719d911017c592aaaabbbb';
    const headers = { 'x-request-id': UUID, date: 'Fri, 02 Jan 2026 03:04:05 GMT' };
    assert.deepEqual(volatile(entry(HttpRequest.to(url, { startedAt: THEN, headers }), '')), []);
  });
});
