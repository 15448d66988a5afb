import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { compiledCopy } from '../support/compiled-copy';
import { RawClient } from '../support/raw-client';
import { until } from '../support/raw-origin';
import { sharedAuthorityFolder } from '../support/temp';
import { needs } from '../support/wire';
import { within } from '../support/within';

const DESCRIPTORS = 60;
const CHILD = `
  const { HttpResponse, MitmProxy, respond } = require('replay-proxy');
  const proxy = new MitmProxy({ listen: { port: 0 }, authority: process.argv[1] });
  proxy.use(({ hooks }) => hooks.request.tap('Here', () => respond(HttpResponse.text(200, 'here'))));
  proxy.start().then(() => process.stdout.write(new URL(proxy.url).port + '\\n'));
`;
const GET = 'GET http://shop.example/ HTTP/1.1\r\nHost: shop.example\r\n\r\n';

describe('a proxy that has no descriptor left for a connection', function () {
  this.timeout(20_000);
  let child: ChildProcess | undefined;
  afterEach(() => child?.kill('SIGKILL'));

  it('goes on with those that it has, and serves others again when they are gone', async function () {
    needs(this, 'sh', '-c', `ulimit -n ${DESCRIPTORS}`);
    const command = `ulimit -n ${DESCRIPTORS}; exec "$0" "$@"`;
    child = spawn('sh', ['-c', command, process.execPath, '-e', CHILD, sharedAuthorityFolder()], {
      cwd: compiledCopy(),
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    child.stderr!.on('data', (text) => (said += String(text)));
    const [line] = (await once(child.stdout!, 'data')) as [Buffer];
    const at = { host: '127.0.0.1', port: Number(line) };
    const ask = async () => (await RawClient.open(at)).send(GET);
    const isServed = ({ received }: RawClient) => received.startsWith('HTTP/1.1 200');

    const clients = await Promise.all(Array.from({ length: 2 * DESCRIPTORS }, ask));
    await within(
      until(() => clients.every((client) => isServed(client) || client.ended)),
      'an answer or an end for each',
      5_000,
    );
    const served = clients.filter(isServed);
    assert.ok(served.length > 5 && served.length < DESCRIPTORS, `${served.length} were served`);
    const [first] = served;
    first!.clear().send(GET);
    await within(
      until(() => isServed(first!)),
      'one that was served before',
      5_000,
    );

    for (const client of clients) client.close();
    for (let i = 0; i < DESCRIPTORS / 2; i += 1) {
      // The proxy has yet to hear that the others have gone.
      await within(
        (async () => {
          for (;;) {
            const client = await ask();
            await until(() => isServed(client) || client.ended);
            client.close();
            if (isServed(client)) return;
          }
        })(),
        'a client that comes later',
        5_000,
      );
    }
    assert.equal(child.exitCode, null);
    assert.ok(said.split('\n').length <= 2, said);
  });
});
