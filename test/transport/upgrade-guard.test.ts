import assert from 'node:assert/strict';
import { HttpRequest } from '../../src/http/request';
import { HttpResponse } from '../../src/http/response';
import { refuseUpgrades } from '../../src/transport/upgrade-guard';

describe('refuseUpgrades', () => {
  const sent: string[] = [];
  const send = refuseUpgrades(async ({ path }) => (sent.push(path), new HttpResponse()));
  const options = { signal: new AbortController().signal, inform() {}, contact: () => {} };
  const upgrade = (path: string, headers: Record<string, string>) =>
    send(HttpRequest.to(`http://shop.example${path}`, { headers }), options);

  it('ends a change of protocol with 501, unsent', async () => {
    await assert.rejects(upgrade('/ws', { Upgrade: 'websocket' }), {
      status: 501,
      message: /websocket is not supported/,
    });
    assert.deepEqual(sent, []);
  });

  it('sends all else, h2c too', async () => {
    await upgrade('/plain', {});
    await upgrade('/h2c', { Upgrade: 'h2c' });
    assert.deepEqual(sent, ['/plain', '/h2c']);
  });
});
