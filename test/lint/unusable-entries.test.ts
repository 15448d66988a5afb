import assert from 'node:assert/strict';
import { entry, requestOf } from '../support/replay';
import { linted } from './linting';

const { response: _response, ...UNANSWERED } = entry('http://h.example/', '');

describe('findUnusable', () => {
  it('names what can never answer, by the reason', () => {
    assert.deepEqual(
      linted([
        entry('http://h.example/1', '', { incomplete: true }),
        entry('http://h.example/2', '', { unstored: { response: true } }),
        UNANSWERED,
        UNANSWERED,
      ]),
      [
        'unusable #1 can never answer: cut short | record again',
        'unusable #2 can never answer: without a stored body | record again',
        'unusable #3 #4 can never answer: without a response | record again',
      ],
    );
  });

  it('does not say to record again what would be no better', () => {
    assert.deepEqual(linted([entry('http://h.example/', '', { answer: { status: 101 } })]), [
      'unusable #1 can never answer: other protocol | other protocols are not recorded; let an addon answer, or leave it out',
    ]);
    assert.match(linted([entry(requestOf('CONNECT http://h.example/'), '')]).join(), /certificate trusted/);
  });

  it('names what answers only when bodies are ignored', () => {
    const flow = entry('POST http://h.example/', '', { unstored: { request: true } });
    assert.deepEqual(linted([flow]), [
      'unusable #1 matches only with --ignore body: its request body was not stored | record again, or --ignore body',
    ]);
    assert.deepEqual(linted([{ ...flow, redacted: ['body'] }]), []);
  });
});
