import assert from 'node:assert/strict';
import { traceOf, visitTraces } from '../../src/lint/trace';

function tracesIn(text: string): string[] {
  const traces: string[] = [];
  visitTraces(text, (trace) => traces.push(trace));
  return traces;
}

describe('traceOf', () => {
  it('is found again wherever a value is written', () => {
    const values = [
      '0190163d-8694-739b-aea5-966c26f8ad91',
      '1767323045123',
      '0.8372615243',
      '2026-01-02T03:04:05.678Z',
      '2026-01-02',
      'ab+/CDefGHij0123==',
    ];
    for (const value of values) {
      for (const text of [
        `{"v":"${value}"}`,
        `<a href="/x?v=${encodeURIComponent(value)}">`.replaceAll('%3A', ':'),
      ])
        assert.ok(tracesIn(text).includes(traceOf(value)!), `${value} in ${text}`);
    }
  });

  it('finds a day in a time of that day', () => {
    assert.ok(tracesIn('at 2026-01-02T03:04:05Z').includes(traceOf('2026-01-02')!));
  });

  it('is undefined for what leaves none', () => {
    assert.equal(traceOf('a-b-c-d'), undefined);
  });
});
