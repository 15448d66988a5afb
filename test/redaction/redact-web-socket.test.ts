import assert from 'node:assert/strict';
import { openRecording, openWriter, redactFlow } from 'replay-proxy';
import { redactWebSocket } from '../../src/redaction/redact-web-socket';
import { whyUnusable } from '../../addons/server-replay';
import { contentOf, TestFolder } from '../support/dumps';
import { messagesOf, webSocketEntry } from '../support/web-socket-client';

const said = (lines: string[], ...names: string[]) => redactFlow(webSocketEntry(messagesOf(...lines)), names);
const texts = (lines: string[], ...names: string[]) =>
  said(lines, ...names).webSocket!.map(({ data }) => data.toString());

describe('redaction of what is said on a WebSocket', () => {
  const folder = new TestFolder();
  after(() => folder.remove());

  it('takes parts out of JSON, the client by body, the server by response.body', () => {
    const lines = ['> {"token":"SECRET","a":1}', '< {"token":"SECRET","a":1}'];
    assert.deepEqual(texts(lines, 'body.token'), ['{"token":"redacted","a":1}', '{"token":"SECRET","a":1}']);
    assert.deepEqual(texts(lines, 'response.body.token'), [
      '{"token":"SECRET","a":1}',
      '{"token":"redacted","a":1}',
    ]);
    assert.deepEqual(said(lines, 'body.token').redacted, ['body.token']);
  });

  it('finds JSON behind a number or a name, and in lines', () => {
    assert.deepEqual(texts(['> 42["login",{"pw":"SECRET"}]'], 'body.1.pw'), [
      '42["login",{"pw":"redacted"}]',
    ]);
    assert.deepEqual(texts(['> a {"pw":"SECRET"}\n{"pw":"SECRET"}'], 'body.pw'), [
      'a {"pw":"redacted"}\n{"pw":"redacted"}',
    ]);
  });

  it('takes all of a message, and the words of a goodbye', () => {
    const close = { from: 'server', code: 4000, reason: 'SECRET' } as const;
    const flow = webSocketEntry(messagesOf('> SECRET', '< SECRET'), { webSocketClose: close });
    const client = redactFlow(flow, ['body']);
    assert.deepEqual(
      client.webSocket!.map(({ data }) => data.toString()),
      ['redacted', 'SECRET'],
    );
    assert.equal(client.webSocketClose?.reason, 'SECRET');
    const server = redactFlow(flow, ['response.body']);
    assert.deepEqual(
      [String(server.webSocket![1]!.data), server.webSocketClose?.reason],
      ['redacted', 'redacted'],
    );
  });

  it('keeps nothing of what it cannot look into: the client may say what it likes, the server nothing any more', () => {
    const broken = '{"token":"SECRET",}';
    const asked = said([`> ${broken}`], 'body.token');
    assert.deepEqual([String(asked.webSocket![0]!.data), asked.redacted], ['redacted', ['body']]);
    assert.equal(whyUnusable(asked), undefined);
    const answered = said([`< ${broken}`], 'response.body.token');
    assert.equal(String(answered.webSocket![0]!.data), 'redacted');
    assert.equal(whyUnusable(answered), 'without a stored body');
  });

  it('is still so in a file', async () => {
    const answered = said(['< {"token":"SECRET",}'], 'response.body.token');
    for (const name of ['a.har', 'a.mitm']) {
      const file = folder.file(name);
      const writer = openWriter(file, { append: false });
      writer.append(answered);
      writer.close();
      const { flows, close } = await openRecording(file);
      close();
      assert.equal(whyUnusable(flows[0]!), 'without a stored body', name);
      assert.doesNotMatch(contentOf(file).toString('latin1'), /SECRET/);
    }
  });

  it('leaves alone what has no parts with names', () => {
    const bytes = { ...messagesOf('> x')[0]!, opcode: 2, data: Buffer.from([255, 123, 0]) };
    const flow = webSocketEntry([...messagesOf('> token=x', '< [DONE]', '> '), bytes]);
    assert.equal(redactFlow(flow, ['body.token', 'response.body.token']), flow);
    assert.equal(redactFlow(flow, ['header.cookie']), flow);
    assert.equal(
      redactWebSocket(flow.webSocket!, undefined, { client: undefined, server: undefined }).isChanged,
      false,
    );
  });

  it('takes a whole binary message, too', () => {
    const bytes = { ...messagesOf('> x')[0]!, opcode: 2, data: Buffer.from([255]) };
    const [message] = redactFlow(webSocketEntry([bytes]), ['body']).webSocket!;
    assert.deepEqual([message!.opcode, String(message!.data)], [2, 'redacted']);
  });
});
