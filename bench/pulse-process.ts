import { Agent, get } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

// The process of a pulse: asks every millisecond; when it is asked, it says how long the longest wait was since the last time.
const [port, host, path] = process.argv.slice(2) as [string, string, string];
const agent = new Agent({ keepAlive: true, maxSockets: 1 });
let longest = 0;

process.on('message', () => {
  process.send!(longest);
  longest = 0;
});
process.on('disconnect', () => process.exit());
void beat();

async function beat(): Promise<never> {
  for (;;) {
    const from = performance.now();
    await ask();
    longest = Math.max(longest, performance.now() - from);
    await sleep(1);
  }
}

function ask(): Promise<void> {
  return new Promise((resolve, reject) => {
    get(
      { host: '127.0.0.1', port, path: `http://${host}${path}`, headers: { Host: host }, agent },
      (answer) => {
        answer.resume().on('end', resolve).on('error', reject);
      },
    ).on('error', reject);
  });
}
