import assert from 'node:assert/strict';
import { refuseUnknownRoots } from '../../src/facets/facet-roots';

describe('names to be ignored', () => {
  for (const name of [
    ...[
      'scheme',
      'method',
      'host',
      'port',
      'path',
      'query',
      'header',
      'body',
      'query.utm_*',
      'header.X-Trace',
    ],
    ...['body.a\\.b', '*', '*.id', 'q*', 'query*', 'h*.x', 'body*'],
  ]) {
    it(`can be ${name}`, () => refuseUnknownRoots(['port', name]));
  }

  const list = 'names begin with scheme, method, host, port, path, query., header. or body';
  for (const [name, hint] of [
    ['foo.bar', list],
    ['utm_*', list],
    ['x.query', list],
    ['', list],
    ['h.x', list],
    ['headers.accept', 'did you mean header.accept?'],
    ['Header.Accept', 'did you mean header.Accept?'],
    ['hostname', 'did you mean host?'],
    ['queryx*', 'did you mean query*?'],
    ['que.page', 'did you mean query.page?'],
  ] as const) {
    it(`cannot be ${JSON.stringify(name)}`, () => {
      assert.throws(() => refuseUnknownRoots(['port', name]), {
        code: 'ERR_CONFIG',
        message: `ignored name ${JSON.stringify(name)} is no facet; ${hint}`,
      });
    });
  }
});
