import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Scene } from '../contender';
import { mitmdump } from '../contenders/mitmdump';
import { plainReplay, withConfig } from '../contenders/replay-proxy';
import { fromStart, START } from '../from-start';
import type { Work } from '../work';

const SHAPE = { entries: 10, size: 700, scheme: 'http' } as const;
const FIRST = 'replay-proxy, TypeScript config, first start';
const CHANGED = 'replay-proxy, TypeScript config, after a change';
const LATER = 'replay-proxy, TypeScript config, later starts';

/** From nothing to the first answer. */
export const start: Work = {
  name: 'start',
  title: 'start to the first replayed answer, 10 entries',
  conditions: {
    load: 'one request, tried until it is answered',
    body: '700 B of JSON',
    tls: 'none; certificate authority there from an earlier start',
    keepAlive: 'one',
  },
  figures: START,
  entrants: [
    fromStart(plainReplay, SHAPE),
    fromStart(withConfig(emptyCache), SHAPE, FIRST),
    fromStart(withConfig(withoutItsConfig), SHAPE, CHANGED),
    fromStart(
      withConfig(({ home }) => join(home, 'kept')),
      SHAPE,
      LATER,
    ),
    fromStart(mitmdump, SHAPE),
  ],
  comparisons: [
    { of: 'replay-proxy', to: 'mitmdump', figure: 'start to first answer', atMost: 0.4 },
    { of: FIRST, to: 'mitmdump', figure: 'start to first answer', atMost: 0.7 },
    { of: CHANGED, to: 'mitmdump', figure: 'start to first answer' },
    { of: LATER, to: 'mitmdump', figure: 'start to first answer', atMost: 0.4 },
    { of: 'replay-proxy', to: 'mitmdump', figure: 'processor time' },
    { of: LATER, to: 'mitmdump', figure: 'processor time' },
    { of: 'replay-proxy', to: 'mitmdump', figure: 'peak memory' },
  ],
};

function emptyCache({ home }: Scene): string {
  const cache = join(home, 'new');
  rmSync(cache, { recursive: true, force: true });
  return cache;
}

/** As after a change of the config: what is kept of ourselves and of the compiler is there. */
function withoutItsConfig({ home }: Scene): string {
  const cache = join(home, 'changed');
  rmSync(join(cache, 'replay-proxy', 'compiled'), { recursive: true, force: true });
  return cache;
}
