import autocannon from 'autocannon';
import { REQUEST_HEADERS } from './recordings';
import { loadTunnels } from './tunnel-load';
import type { Load, Loaded } from './work';
import { loadByWrk } from './wrk';

// The load generator's process: takes a load, says what came of it, takes the next.
process.on('message', (load: Load) => void run(load).then((loaded) => process.send!(loaded)));
process.on('disconnect', () => process.exit());

async function run(load: Load): Promise<Loaded> {
  const { port, host, paths, connections, seconds, speaks, by } = load;
  if (by === 'wrk') return loadByWrk(load);
  if (speaks !== 'absolute form') return loadTunnels(load, speaks);
  const result = await autocannon({
    url: `http://127.0.0.1:${port}`,
    connections,
    duration: seconds,
    headers: { ...Object.fromEntries(REQUEST_HEADERS), Host: host },
    requests: paths.map((path) => ({ path: `http://${host}${path}` })),
  });
  const { errors, timeouts, non2xx, duration } = result;
  return { answers: result['2xx'], failures: errors + timeouts + non2xx, seconds: duration };
}
