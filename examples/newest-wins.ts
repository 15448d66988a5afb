import { ServerReplay, type MitmProxy } from 'replay-proxy';

/** Among equal requests the one recorded last answers first. */
export default function newestWins(proxy: MitmProxy): void {
  ServerReplay.hooks(proxy).match.tap('NewestWins', (_flow, candidates) => candidates.entries.at(-1));
}
