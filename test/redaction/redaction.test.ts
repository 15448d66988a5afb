import assert from 'node:assert/strict';
import { HttpResponse, type Miss, redactFlow } from 'replay-proxy';
import { Redaction } from '../../src/redaction/redaction';
import { entry, postJson, replaying } from '../support/replay';

const login = () => {
  const request = postJson('http://h/login?token=t&page=1', '{"user":"ann","password":"pw"}');
  request.headers.set('Authorization', 'Bearer abc').set('Content-Length', '30');
  request.trailers.append('X-Secret', 'x');
  return entry(request, '', {
    redacted: ['query.own'],
    answer: new HttpResponse({
      headers: { 'Set-Cookie': ['sid=1; Path=/', 'b=2'], 'Content-Type': 'application/json' },
      body: '{"token":"abc","n":1}',
    }),
  });
};

const NAMES = [
  'header.Authorization',
  'header.x-*',
  'query.token',
  'body.password',
  'body.none',
  'response.header.set-cookie',
  'response.body.token',
];

describe('Redaction', () => {
  it('takes out what it names, lists what took something, and leaves the flow itself alone', async () => {
    const flow = login();
    const { request, response, redacted, unstored } = redactFlow(flow, NAMES);
    assert.equal(request.path, '/login?token=redacted&page=1');
    assert.equal(request.headers.get('authorization'), 'Bearer redacted');
    assert.equal(request.trailers.get('x-secret'), 'redacted');
    assert.equal(await request.body.text(), '{"user":"ann","password":"redacted"}');
    assert.equal(request.headers.get('content-length'), '36');
    assert.deepEqual(response?.headers.getAll('set-cookie'), ['sid=redacted; Path=/', 'b=redacted']);
    assert.equal(await response?.body.text(), '{"token":"redacted","n":1}');
    assert.deepEqual(
      redacted,
      ['query.own', ...NAMES.filter((name) => name !== 'body.none')].sort(byPlace(redacted!)),
    );
    assert.equal(unstored, undefined);
    assert.equal(flow.request.path, '/login?token=t&page=1');
    assert.match(await flow.response!.body.text(), /abc/);
  });

  it('does not stop the entry from matching', async () => {
    const { ask } = await replaying([redactFlow(login(), NAMES)], { headers: ['authorization'] });
    const live = postJson('http://h/login?token=other&page=1', '{"password":"else","user":"ann"}');
    assert.equal(await ask(live), '{"token":"redacted","n":1}');
  });

  it('takes out what is listed already and stands there again, and what equal keys hide', async () => {
    const again = { ...login(), redacted: ['query.token', 'query.token'] };
    const { request, redacted } = redactFlow(again, ['query.token']);
    assert.equal(request.path, '/login?token=redacted&page=1');
    assert.deepEqual(redacted, ['query.token']);
    const hidden = entry(postJson('http://h/', '{"password":"SECRET","password":{}}'), '');
    assert.equal(await redactFlow(hidden, ['body.password']).request.body.text(), '{"password":{}}');
  });

  it('is the same flow when nothing was to be taken', () => {
    const flow = login();
    assert.equal(redactFlow(flow, ['header.cookie', 'response.body.password']), flow);
  });

  it('drops a body that it cannot look into', async () => {
    const flow = login();
    flow.response!.headers.set('content-encoding', 'gzip');
    const { response, unstored } = redactFlow(flow, ['response.body.token']);
    assert.deepEqual(unstored, { response: true });
    assert.doesNotMatch(await response!.body.text(), /abc/);
  });

  it('drops a request body that it cannot look into, and lets the entry match', async () => {
    const flow = entry(postJson('http://h/', '{"password":"x",}'), 'answer');
    const redacted = redactFlow(flow, ['body.password']);
    assert.deepEqual([redacted.redacted, redacted.unstored], [['body'], undefined]);
    assert.equal(await redacted.request.body.text(), 'redacted');
    const { ask } = await replaying([redacted]);
    assert.equal(await ask(postJson('http://h/', '{"password":"y",}')), 'answer');
  });

  it('takes secrets out of what is told of a flow, too', () => {
    const redaction = new Redaction(['query.token', 'header.cookie', 'response.header.x-key']);
    assert.equal(redaction.url('http://h/a?token=1&b=2'), 'http://h/a?token=redacted&b=2');
    const url = 'http://h/?token=SECRET&price=$&y=1';
    assert.equal(redaction.sentence(`asked ${url}`, url), 'asked http://h/?token=redacted&price=$&y=1');
    assert.equal(redaction.field('Cookie', 'a=1', 'request'), 'a=redacted');
    assert.equal(redaction.field('X-Key', '1', 'request'), '1');
    assert.equal(redaction.field('X-Key', '1', 'response'), 'redacted');
    const name = { source: 'a.har', number: 1, method: 'GET', url: 'http://h/?token=1' };
    const differences = [
      { facet: 'query.token', asked: '2', recorded: '1' },
      { facet: 'query.a', asked: '3' },
    ];
    const miss: Miss = {
      method: 'GET',
      url: 'http://h/?token=2',
      session: '',
      reason: 'never recorded',
      sources: [],
      entries: 1,
      used: { count: 1, entries: [name] },
      unfit: [{ entry: name, why: '', advice: '' }],
      nearest: [{ entry: name, isUsed: false, differences, more: 0 }],
    };
    const told = redaction.miss(miss);
    assert.doesNotMatch(JSON.stringify(told), /token=[12]|"[12]"/);
    assert.deepEqual(told.nearest[0]?.differences, [
      { facet: 'query.token', asked: 'redacted', recorded: 'redacted' },
      { facet: 'query.a', asked: '3' },
    ]);
    const whole = {
      ...miss,
      nearest: [{ ...miss.nearest[0]!, differences: [{ facet: 'body', asked: 'pw=SECRET' }] }],
    };
    assert.match(JSON.stringify(redaction.miss(whole)), /SECRET/);
    assert.doesNotMatch(JSON.stringify(new Redaction(['body.pw']).miss(whole)), /SECRET/);
    assert.equal(new Redaction([]).miss(miss), miss);
  });

  it('refuses names that nothing can have', () => {
    for (const name of ['path', 'host', 'cookie', 'response.query.a', '', 'header.', 'response.body.']) {
      assert.throws(() => new Redaction([name]), {
        code: 'ERR_CONFIG',
        message:
          /cannot be redacted; names begin with header\., query\., body\., response\.header\., response\.body\.$/,
      });
    }
  });
});

function byPlace(order: readonly string[]) {
  return (a: string, b: string) => order.indexOf(a) - order.indexOf(b);
}
