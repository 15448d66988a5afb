import assert from 'node:assert/strict';
import { ServerReplay } from 'replay-proxy';
import { compared } from '../../../../addons/server-replay/miss/compared';
import { Subject } from '../../../../src/facets/request-key';
import { postJson } from '../../../support/replay';

describe('one side of a comparison', () => {
  const request = postJson('http://h/?t=1&keep=2', '{"a":1}');
  const subject = () => new Subject(request, true, 'unknown');
  const policy = {
    headers: ['content-type'],
    ignore: ['query.t', 'port'],
    reuse: 'never',
    isReuseOfRule: false,
    compares: '',
  } as const;

  it('has the facets that count, and the kind of a body that does', () => {
    const { facets, kind } = compared(subject(), policy, ['header'], undefined);
    assert.deepEqual(
      facets.map(([name]) => name),
      ['scheme', 'method', 'host', 'path', 'query.keep', 'body.a'],
    );
    assert.equal(kind, 'json');
    assert.equal(compared(subject(), policy, ['body'], undefined).kind, undefined);
  });

  it('tells which taps changed a facet, also in place', () => {
    const { identify } = ServerReplay.hooks({});
    identify.tap('Drop', (facets) => facets.filter(([name]) => name !== 'path'));
    identify.tap('Push', (facets) => void facets.push(['extra', '1']));
    identify.tap('Keep', (facets) => [...facets]);
    const { facets, changedBy } = compared(subject(), policy, [], identify);
    assert.deepEqual(
      [...changedBy],
      [
        ['path', ['Drop']],
        ['extra', ['Push']],
      ],
    );
    assert.equal(facets.at(-1)?.[0], 'extra');
  });
});
