import { defineConfig } from 'replay-proxy';

// What `npm start` runs: a small shop, replayed with no server and no network.
export default defineConfig({
  replay: {
    from: ['examples/recordings/shop.har'],
    // the page's cache breaker
    ignore: ['query._'],
    // the last answer again and again, so that the command to try works twice
    reuse: 'hold',
  },
  refresh: true,
  unmatched: 'kill',
});
