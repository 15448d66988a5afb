import assert from 'node:assert/strict';
import { Body } from '../../src/http/body';
import { lintRecording } from '../../src/lint/lint-recording';
import { entry, postJson, requestOf } from '../support/replay';
import { linted, NOW, THEN } from './linting';

describe('lintRecording', () => {
  it('finds nothing in nothing, and nothing where nothing is wrong', () => {
    assert.deepEqual(linted([]), []);
    const answer = {
      headers: { etag: '"5d41402abc4b2a76b9719d911017c592"', date: 'Fri, 02 Jan 2026 03:04:05 GMT' },
    };
    assert.deepEqual(linted([entry('http://h.example/?page=1', '<h1>Shop</h1>', { answer })]), []);
  });

  it('tells all kinds in their order', () => {
    const request = requestOf(`http://h.example/?nonce=0.6691304212`, { authorization: 'Basic dTpw' });
    const answer = {
      startedAt: THEN,
      headers: { 'set-cookie': 'a=1; Expires=Sat, 03 Jan 2026 03:04:05 GMT' },
    };
    const flows = [
      entry(request, '1', { answer }),
      entry(request, '2', { answer }),
      entry('http://h.example/?ts=1767323045123456', '', { incomplete: true }),
      entry('http://h.example/?cb=483920174', ''),
    ];
    assert.deepEqual(
      linted(flows).map((line) => line.split(' ')[0]),
      ['answers', 'unusable', 'expired', 'secrets', 'volatile', 'volatile'],
    );
  });

  it('leaves the judgement of what cannot answer to the caller', () => {
    const flows = [entry('http://h.example/', '1'), entry('http://h.example/', '2')];
    const kinds = lintRecording(flows, { now: NOW, whyUnusable: () => 'out of order' }).map(
      ({ what }) => what,
    );
    assert.deepEqual(kinds, ['can never answer: out of order']);
  });

  it('survives hostile bodies', function () {
    this.timeout(8000);
    const texts: (string | Buffer)[] = [
      '{"__proto__":{"token":"a1b2c3d4"},"constructor":{"toString":1}}',
      '['.repeat(500_000),
      '{"token":'.repeat(100_000),
      `${'['.repeat(5000)}"a1b2c3d4"${']'.repeat(5000)}`,
      Buffer.concat([Buffer.from('{"token":"'), Buffer.alloc(1000, 0xff), Buffer.from('"}')]),
      'eyJ-'.repeat(250_000),
      'sk-a-'.repeat(200_000),
      'A'.repeat(1_000_000),
      '%'.repeat(1_000_000),
      '&token='.repeat(140_000),
    ];
    for (const text of texts) {
      for (const type of [
        'application/json',
        'application/x-www-form-urlencoded',
        'multipart/form-data; boundary=x',
      ]) {
        const headers = { 'content-type': type };
        const request = requestOf('POST http://h.example/', headers, Body.from(text));
        linted([1, 2].map(() => entry(request, '', { answer: { headers, body: Body.from(text) } })));
      }
    }
    assert.deepEqual(linted([entry(postJson('http://h.example/', String(texts[0])), '')]), [
      'secrets #1 body.__proto__.token holds a token | --redact body.__proto__.token',
    ]);
  });

  it('is done with many entries soon', function () {
    this.timeout(8000);
    const items = Array.from({ length: 20 }, (_, i) => ({ id: i, name: `Thing ${i}`, token_type: 'none' }));
    const flows = Array.from({ length: 20_000 }, (_, i) =>
      entry(
        postJson(`http://h.example/${i % 5000}?_=${THEN + i}`, JSON.stringify({ i })),
        JSON.stringify({ items, i }),
      ),
    );
    assert.deepEqual(
      linted(flows).map((line) => line.split(' ')[0]),
      ['volatile'],
    );
  });
});
