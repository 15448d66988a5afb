import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Addon, HttpResponse, kill, MitmProxy, respond } from 'replay-proxy';

describe('MitmProxy', () => {
  const authority = mkdtempSync(join(tmpdir(), 'proxy-test-'));
  after(() => rmSync(authority, { recursive: true }));
  const create = (...addons: Addon[]) =>
    new MitmProxy({ listen: { port: 0 }, authority, warn: () => {} }).use(...addons);

  function get(proxy: MitmProxy, url: string): Promise<string> {
    const { hostname, port } = new URL(proxy.url);
    return new Promise((resolve, reject) => {
      request(
        { host: hostname, port, path: url, headers: { host: new URL(url).host }, agent: false },
        (response) => {
          response.setEncoding('utf8');
          let text = `${response.statusCode} `;
          response.on('data', (chunk: string) => (text += chunk)).on('end', () => resolve(text));
        },
      )
        .on('error', reject)
        .end();
    });
  }

  it('starts, serves what its addons say, and stops', async () => {
    const order: string[] = [];
    const proxy = create({
      name: 'Mine',
      apply({ hooks }) {
        hooks.start.tap('Mine', async () => void order.push('start'));
        hooks.stop.tap('Mine', () => void order.push('stop'));
        hooks.request.tap('Mine', (flow) =>
          respond(HttpResponse.text(200, `flow ${flow.id} of ${flow.request.url}`)),
        );
      },
    });
    await proxy.start();
    assert.match(proxy.url, /^http:\/\/127\.0\.0\.1:\d+$/);
    assert.equal(await get(proxy, 'http://shop.example/a'), '200 flow 1 of http://shop.example/a\n');
    assert.equal(await get(proxy, 'http://shop.example/b'), '200 flow 2 of http://shop.example/b\n');
    assert.equal(proxy.contacted.size, 0);
    await proxy.stop();
    assert.deepEqual(order, ['start', 'stop']);
    await assert.rejects(get(proxy, 'http://shop.example/a'), /ECONNREFUSED/);
  });

  it('lets requests wait until its addons have loaded', async () => {
    let loaded = false;
    let early: Promise<string> | undefined;
    const proxy = create({
      name: 'Slow',
      apply({ hooks }) {
        hooks.start.tap('Slow', async () => {
          early = get(proxy, 'http://shop.example/');
          await new Promise((resolve) => setTimeout(resolve, 50));
          loaded = true;
        });
        hooks.request.tap('Slow', () => respond(HttpResponse.text(200, `loaded ${loaded}`)));
      },
    });
    await proxy.start();
    assert.equal(await early, '200 loaded true\n');
    await proxy.stop();
  });

  it('does not start when an addon cannot, and lets go of the address', async () => {
    const proxy = create({
      name: 'Broken',
      apply: ({ hooks }) =>
        hooks.start.tap('Broken', () => {
          throw new Error('no such recording');
        }),
    });
    await assert.rejects(proxy.start(), /addon Broken, hook start: no such recording/);
    await assert.rejects(get(proxy, 'http://shop.example/'), /ECONNREFUSED/);
  });

  it('starts once, and stops once however often it is asked to', async () => {
    let stops = 0;
    const proxy = create({
      name: 'Count',
      apply: ({ hooks }) => hooks.stop.tap('Count', () => void (stops += 1)),
    });
    await proxy.start();
    await assert.rejects(proxy.start(), /a proxy starts once/);
    await Promise.all([proxy.stop(), proxy.stop()]);
    await proxy.stop();
    assert.equal(stops, 1);
    await assert.rejects(proxy.start(), /a proxy starts once/);
  });

  it('lets every addon stop, then says what one of them threw', async () => {
    let sealed = false;
    const broken: Addon = {
      name: 'Broken',
      apply: ({ hooks }) =>
        hooks.stop.tap('Broken', () => {
          throw new Error('boom');
        }),
    };
    const proxy = create(broken, {
      name: 'Seal',
      apply: ({ hooks }) => hooks.stop.tap('Seal', () => void (sealed = true)),
    });
    await proxy.start();
    await assert.rejects(proxy.stop(), /addon Broken, hook stop: boom/);
    assert.equal(sealed, true);
  });

  it('names the port that is in use', async () => {
    const first = create();
    await first.start();
    const { port } = new URL(first.url);
    const second = new MitmProxy({ listen: { port: Number(port) }, authority });
    await assert.rejects(second.start(), new RegExp(`^ConfigError: port ${port} .*in use`));
    await first.stop();
  });

  it('refuses a reverse target that is no origin', () => {
    assert.throws(() => new MitmProxy({ mode: { reverse: 'shop.example/path' } }), /^ConfigError/);
  });

  it('completes a killed flow once and closes the connection', async () => {
    const outcomes: (string | undefined)[] = [];
    const proxy = create({
      name: 'Kill',
      apply({ hooks }) {
        hooks.unmatched.tap('Kill', () => kill());
        hooks.complete.tap('Kill', (flow) => void outcomes.push(flow.outcome));
      },
    });
    await proxy.start();
    await assert.rejects(get(proxy, 'http://shop.example/'), /socket hang up|ECONNRESET/);
    await proxy.stop();
    assert.deepEqual(outcomes, ['killed']);
  });
});
