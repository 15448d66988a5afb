import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Addon,
  FlowLog,
  KillUnmatched,
  MitmProxy,
  Recorder,
  ResponseRefresh,
  ServerReplay,
} from 'replay-proxy';

describe('an addon with the name of a built-in', () => {
  const folder = mkdtempSync(join(tmpdir(), 'replace-test-'));
  after(() => rmSync(folder, { recursive: true }));

  const builtIns: Addon[] = [
    new ServerReplay({ from: [[]] }),
    new ResponseRefresh(),
    new KillUnmatched(),
    new Recorder({ to: join(folder, 'never.har') }),
    new FlowLog({ write: () => {} }),
  ];

  for (const builtIn of builtIns) {
    it(`takes the seat of ${builtIn.name}, and may use it`, async () => {
      for (const usesIt of [false, true]) {
        const proxy = new MitmProxy({ listen: { port: 0 }, authority: join(folder, 'authority') });
        const hooks = Object.values(proxy.hooks) as { taps: { name: string }[] }[];
        const taps = () => hooks.flatMap(({ taps: all }) => all.map(({ name }) => name));
        let given: Addon | undefined;
        proxy.use(builtIn, {
          name: builtIn.name,
          apply(_proxy, replaced) {
            given = replaced;
            if (usesIt) replaced?.apply(proxy);
          },
        });
        await proxy.start();
        await proxy.stop();
        assert.equal(given, builtIn);
        assert.equal(taps().includes(builtIn.name), usesIt);
      }
    });
  }
});
