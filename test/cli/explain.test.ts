import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import type { Miss } from 'replay-proxy';
import { Project } from '../config/project';
import { replay } from './command';

const SHOP = resolve(__dirname, '../../examples/recordings/shop.har');
const URL = 'http://shop.example/';

describe('replay explain', function () {
  this.timeout(20_000);
  let project: Project;
  beforeEach(() => void (project = new Project()));
  afterEach(() => project.remove());
  const explain = (...args: string[]) => replay(project.folder, 'explain', SHOP, ...args);

  it('tells which entry would answer', () => {
    const { code, out, err } = explain('GET', URL);
    assert.deepEqual([code, err], [0, '']);
    assert.match(out, /^answered by #1 GET http:\/\/shop\.example\/ 200 /);
    assert.deepEqual(JSON.parse(explain('GET', URL, '--json').out), {
      answers: { source: SHOP, number: 1, method: 'GET', url: URL },
    });
  });

  it('tells why none would, and what would help, which then does', () => {
    const { code, out } = explain('GET', `${URL}?debug=1`);
    assert.equal(code, 1);
    assert.match(out, /^never recorded: none of 9 entries of .*shop\.har matches$/m);
    assert.match(out, /^ {4}query\.debug {3}asked 1 {3}recorded \(none\)$/m);
    const [, rule = ''] = /^ {2}(--ignore .*)$/m.exec(out) ?? [];
    assert.equal(explain('GET', `${URL}?debug=1`, ...rule.split(' ')).code, 0);
    const miss = JSON.parse(explain('GET', `${URL}?debug=1`, '--json').out) as Miss;
    assert.deepEqual(miss.remedy?.ignore, ['query.debug']);
  });

  it('takes headers and a body', () => {
    const { out } = explain('GET', URL, '--rheader', 'x-mode', '-H', 'X-Mode: dark');
    assert.match(out, /header\.x-mode {3}asked dark {3}recorded \(none\)/);
    project.write({ 'body.json': '{"b":1}' });
    const shown = replay(project.folder, 'show', SHOP, '6', '--json').out;
    const { request, url } = JSON.parse(shown) as { request: { body: { text: string } }; url: string };
    const type = ['-H', 'Content-Type: application/json'];
    assert.equal(explain('POST', url, ...type, '-d', request.body.text).code, 0);
    assert.match(explain('POST', url, ...type, '-d', '@body.json').out, /body\.b {3}.*asked 1/);
  });

  it('asks for a WebSocket by its URL', () => {
    const file = resolve(__dirname, '../fixtures/recordings/mitmproxy/reverse-ws-v21.mitm');
    const ask = (url: string) => replay(project.folder, 'explain', file, 'GET', url);
    assert.match(ask('ws://127.0.0.1:47020/ws?x=1').out, /^answered by #1 .*WebSocket, 4 messages$/m);
    const plain = ask('http://127.0.0.1:47020/ws?x=1');
    assert.equal(plain.code, 1);
    assert.match(plain.out, /a recorded WebSocket answers WebSocket handshakes only; ask for a WebSocket/);
  });

  it('goes by the config and its addons', () => {
    project.write({
      'replay.config.ts': `import { defineConfig, ServerReplay } from 'replay-proxy';
        export default defineConfig({
          replay: { ignore: ['query.debug'] },
          record: { to: 'never.har' },
          addons: [(proxy) => ServerReplay.hooks(proxy).identify.tap('Shout', (facets) =>
            facets.map(([name, value]) => name === 'query.q' ? [name, value.toUpperCase()] as const : [name, value] as const))],
        });`,
    });
    assert.equal(explain('GET', `${URL}?debug=1`).code, 0);
    assert.match(explain('GET', `${URL}?q=a`).out, /asked A .*\(changed by addon Shout\)/);
    assert.deepEqual(project.files(), ['replay.config.ts']);
  });

  it('asks the taps of addons as a run does', () => {
    project.write({
      'decline.ts': `import { ServerReplay } from 'replay-proxy';
        export default (proxy) => ServerReplay.hooks(proxy).match.tap('Decline', () => null);`,
      'answer.ts': `import { HttpResponse, respond } from 'replay-proxy';
        export default (proxy) => proxy.hooks.request.tap('Answer', () => respond(new HttpResponse()));`,
    });
    const declined = explain('GET', URL, '--addon', 'decline.ts');
    assert.equal(declined.code, 1);
    assert.match(declined.out, /^declined: addon Decline wanted none/m);
    assert.equal(explain('GET', URL, '--addon', 'answer.ts').out, 'answered by addon answer.ts\n');
    project.write({ 'replay.config.json': '{"replay":{"ignore":["query"]}}' });
    assert.equal(explain('GET', `${URL}?a=1`).code, 0);
    assert.equal(explain('GET', `${URL}?a=1`, '--no-config').code, 1);
  });

  it('refuses what it cannot ask for, in one line', () => {
    for (const [args, line] of [
      [['GET', 'shop.example/'], /is no http:\/\/ or https:\/\/ URL/],
      [['G T', URL], /G T is no method/],
      [['GET', URL, '-H', 'nonsense'], /"nonsense" is no header; write -H/],
      [['GET', URL, '-d', '@none'], /the body @none cannot be read/],
      [['GET', URL, '--ignore', 'querry.a'], /ignored name "querry\.a" is no facet/],
      [['GET'], /missing required argument/],
    ] as const) {
      const { code, out, err } = explain(...args);
      assert.deepEqual([code, out], [2, ''], err);
      assert.match(err, line);
      assert.match(err, /^replay: [^\n]*\n$/);
    }
    assert.equal(replay(project.folder, 'explain', 'none.har', 'GET', URL).code, 2);
  });
});
