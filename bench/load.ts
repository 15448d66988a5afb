import autocannon from 'autocannon';
import { HOST } from './answers';
import { REQUEST_HEADERS } from './recordings';
import type { Load, Loaded } from './work';

// The load generator's process: takes a load, says what came of it, takes the next.
process.on('message', (load: Load) => void run(load).then((loaded) => process.send!(loaded)));
process.on('disconnect', () => process.exit());

async function run({ port, paths, connections, seconds }: Load): Promise<Loaded> {
  const result = await autocannon({
    url: `http://127.0.0.1:${port}`,
    connections,
    duration: seconds,
    headers: Object.fromEntries(REQUEST_HEADERS),
    requests: paths.map((path) => ({ path: `http://${HOST}${path}` })),
  });
  const { errors, timeouts, non2xx, duration } = result;
  return { answers: result['2xx'], failures: errors + timeouts + non2xx, seconds: duration };
}
