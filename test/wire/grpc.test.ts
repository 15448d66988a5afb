import assert from 'node:assert/strict';
import { once } from 'node:events';
import { join } from 'node:path';
import { KillUnmatched, Recorder, ServerReplay, type ServerReplayOptions } from 'replay-proxy';
import { CertificateAuthority } from '../../src/transport/certificate-authority';
import { answerTo, messagesOf, wordsClient, type WordsClient, WordsServer } from '../support/grpc';
import { sharedAuthorityFolder } from '../support/temp';
import { startProxy, stopProxies, temporaryFolder, type WireProxy } from '../support/wire';

describe('gRPC', () => {
  let server: WordsServer;
  let folder: string;
  const clients: WordsClient[] = [];

  before(async () => (server = await WordsServer.start()));
  after(() => server.stop());
  beforeEach(() => {
    folder = temporaryFolder();
    server.calls.length = 0;
  });
  afterEach(async () => {
    for (const client of clients.splice(0)) client.close();
    await stopProxies();
  });

  const reverse = (port = server.port, scheme = 'http') => ({
    mode: { reverse: `${scheme}://127.0.0.1:${port}` },
  });

  function clientOf(port: number, options?: Parameters<typeof wordsClient>[1]): WordsClient {
    const client = wordsClient(port, options);
    clients.push(client);
    return client;
  }

  async function recording(to: string): Promise<{ proxy: WireProxy; client: WordsClient }> {
    const proxy = await startProxy([new Recorder({ to })], reverse());
    return { proxy, client: clientOf(proxy.port) };
  }

  async function replaying(
    from: string,
    options: Partial<ServerReplayOptions> = {},
    unmatched: 'kill' | number = 404,
  ): Promise<{ proxy: WireProxy; client: WordsClient }> {
    const addons = [
      new ServerReplay({ from: [from], warn: () => {}, ...options }),
      new KillUnmatched(unmatched),
    ];
    const proxy = await startProxy(addons, reverse());
    return { proxy, client: clientOf(proxy.port) };
  }

  /** Every kind of call, and what came of it. */
  async function useAll(client: WordsClient): Promise<unknown> {
    const upper = await answerTo((done) => client.upper('word', done));
    const refused = await answerTo((done) => client.upper('nonsense', done)).catch(
      ({ code, details }: { code: number; details: string }) => ({ code, details }),
    );
    const count = await messagesOf(client.count('20'));
    const joined = await answerTo((done) => {
      const call = client.join(done);
      call.write('one');
      setTimeout(() => {
        call.write('two');
        call.end();
      }, 20);
    });
    const echo = client.echo();
    const echoed = messagesOf(echo);
    echo.write('a');
    const [first] = (await once(echo, 'data')) as [string];
    echo.write('b');
    echo.end();
    return { upper, refused, count: count.messages, joined, first, echoed: (await echoed).messages };
  }

  const EXPECTED = {
    upper: 'WORD',
    refused: { code: 3, details: 'no word, no ünderstanding' },
    count: Array.from({ length: 20 }, (_, i) => `number ${i + 1}`),
    joined: 'one two',
    first: 'a!',
    echoed: ['a!', 'b!'],
  };

  for (const name of ['calls.har', 'calls.mitm']) {
    it(`of all four kinds is recorded in ${name} and replayed, the server not asked`, async () => {
      const to = join(folder, name);
      const live = await recording(to);
      assert.deepEqual(await useAll(live.client), EXPECTED);
      await live.proxy.proxy.stop();
      assert.equal(server.calls.length, 5);

      const { proxy, client } = await replaying(to);
      assert.deepEqual(await useAll(client), EXPECTED);
      assert.equal(server.calls.length, 5);
      assert.deepEqual(
        proxy.flows.map(({ outcome }) => outcome),
        Array.from({ length: 5 }, () => 'replayed'),
      );
    });
  }

  it('matches by the first message, and says in the status of the call why nothing does', async () => {
    const to = join(folder, 'miss.har');
    const live = await recording(to);
    await answerTo((done) => live.client.upper('word', done));
    await answerTo((done) => {
      const call = live.client.join(done);
      call.write('one');
      call.write('two');
      call.end();
    });
    await live.proxy.proxy.stop();

    const { client } = await replaying(to, { reuse: 'hold' });
    await assert.rejects(
      answerTo((done) => client.upper('other', done)),
      ({ code, details }: { code: number; details: string }) => {
        assert.equal(code, 12);
        assert.match(details, /never recorded/);
        return true;
      },
    );
    assert.equal(await answerTo((done) => client.upper('word', done)), 'WORD');
    // Whatever comes behind the first, and however many.
    const other = await answerTo((done) => {
      const call = client.join(done);
      for (const word of ['one', 'and', 'more']) call.write(word);
      call.end();
    });
    assert.equal(other, 'one two');
    const ignoring = await replaying(to, { ignore: ['body'] });
    assert.equal(await answerTo((done) => ignoring.client.upper('other', done)), 'WORD');
    assert.equal(server.calls.length, 2);
  });

  it('is reset under kill', async () => {
    const to = join(folder, 'kill.har');
    const live = await recording(to);
    await answerTo((done) => live.client.upper('word', done));
    await live.proxy.proxy.stop();
    const { client, proxy } = await replaying(to, {}, 'kill');
    await assert.rejects(
      answerTo((done) => client.upper('other', done)),
      ({ code }: { code: number }) => code === 13 || code === 14,
    );
    assert.equal(proxy.flows[0]?.outcome, 'killed');
    assert.equal(server.calls.length, 1);
  });

  it('that a client cancels ends as aborted, and what came of it is replayed', async () => {
    const to = join(folder, 'watch.har');
    const live = await recording(to);
    const watch = async (client: WordsClient) => {
      const call = client.watch('it');
      const messages: string[] = [];
      call.on('error', () => {});
      for await (const message of call as AsyncIterable<string>) {
        messages.push(message);
        if (messages.length === 2) break;
      }
      call.cancel();
      return messages;
    };
    assert.deepEqual(await watch(live.client), ['first', 'second']);
    while (live.proxy.flows.length === 0) await new Promise(setImmediate);
    assert.equal(live.proxy.flows[0]?.outcome, 'aborted');
    await live.proxy.proxy.stop();
    const { client, proxy } = await replaying(to);
    assert.deepEqual(await watch(client), ['first', 'second']);
    while (proxy.flows.length === 0) await new Promise(setImmediate);
    assert.equal(proxy.flows[0]?.outcome, 'aborted');
  });

  it('whose deadline passes ends as aborted', async () => {
    const to = join(folder, 'late.har');
    const live = await recording(to);
    const late = async (client: WordsClient) =>
      messagesOf(client.watch('it', { deadline: Date.now() + 300 }));
    const expected = (await late(live.client)).messages;
    assert.deepEqual(expected, ['first', 'second']);
    await live.proxy.proxy.stop();
    const { client, proxy } = await replaying(to);
    const { messages, status } = await late(client);
    assert.deepEqual([messages, status.code], [expected, 4]);
    while (proxy.flows.length === 0) await new Promise(setImmediate);
    assert.equal(proxy.flows[0]?.outcome, 'aborted');
  });

  for (const isSecure of [true, false]) {
    it(`works inside CONNECT, ${isSecure ? 'over TLS' : 'in plain'}`, async () => {
      const authority = await CertificateAuthority.open(sharedAuthorityFolder(), Date.now);
      const { key, cert } = authority.leafFor('127.0.0.1');
      const far = await WordsServer.start(isSecure ? { key: String(key), cert: String(cert) } : undefined);
      try {
        const to = join(folder, 'connect.har');
        const live = await startProxy([new Recorder({ to })], { upstream: { insecure: true } });
        const through = ({ ca, proxy }: WireProxy) =>
          clientOf(far.port, { ...(isSecure && { ca }), proxy: proxy.url });
        assert.deepEqual(await useAll(through(live)), EXPECTED);
        await live.proxy.stop();
        far.stop();
        const replay = await startProxy([
          new ServerReplay({ from: [to], warn: () => {} }),
          new KillUnmatched(),
        ]);
        assert.deepEqual(await useAll(through(replay)), EXPECTED);
        assert.deepEqual([...replay.proxy.contacted], []);
      } finally {
        far.stop();
      }
    });
  }

  it('works over TLS', async () => {
    const authority = await CertificateAuthority.open(sharedAuthorityFolder(), Date.now);
    const { key, cert } = authority.leafFor('127.0.0.1');
    const secure = await WordsServer.start({ key: String(key), cert: String(cert) });
    try {
      const to = join(folder, 'tls.har');
      const options = { ...reverse(secure.port, 'https'), upstream: { insecure: true } };
      const live = await startProxy([new Recorder({ to })], options);
      assert.deepEqual(await useAll(clientOf(live.port)), EXPECTED);
      await live.proxy.stop();
      secure.stop();
      const replay = await startProxy([new ServerReplay({ from: [to], warn: () => {} })], options);
      assert.deepEqual(await useAll(clientOf(replay.port)), EXPECTED);
    } finally {
      secure.stop();
    }
  });
});
