import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import type { Contender } from '../contender';
import { dumpOf } from '../recordings';

/** mitmproxy without a screen, replaying the same as a dump, if it is on the PATH. */
export const mitmdump: Contender = {
  name: 'mitmdump',
  version: () => {
    const { stdout } = spawnSync('mitmdump', ['--version'], { encoding: 'utf8' });
    return stdout ? /^Mitmproxy: (\S+)/m.exec(stdout)?.[1] : undefined;
  },
  command: ({ port, home, ...shape }) => ({
    argv: [
      'mitmdump',
      '--quiet',
      ...['--listen-host', '127.0.0.1', '--listen-port', String(port)],
      ...['--server-replay', dumpOf(shape, home)],
      ...['--server-replay-nopop', '--server-replay-kill-extra'],
      // It would else look up a host that is only recorded.
      ...['--set', 'connection_strategy=lazy'],
      ...['--set', `confdir=${join(home, 'mitmproxy')}`],
    ],
  }),
};
