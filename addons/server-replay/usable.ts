import type { RecordedFlow } from 'replay-proxy';

const MOST_NUMBERS = 5;

/** Why an entry can never answer, as a noun phrase; undefined if it can. */
export function whyUnusable(flow: RecordedFlow): string | undefined {
  const { request, response, webSocket, unstored, incomplete, error } = flow;
  if (webSocket || response?.status === 101) return 'WebSocket';
  if (request.method.toUpperCase() === 'CONNECT') return 'tunnel';
  if (!response || response.status < 100) return 'without a response';
  if (response.status < 200) return 'with only an interim response';
  if (error !== undefined) return 'killed or failed';
  if (incomplete) return 'cut short';
  return unstored?.response ? 'without a stored body' : undefined;
}

/** One line that counts and names the entries of a recording that cannot answer; undefined when all can. */
export function describeUnusable(source: string, flows: readonly RecordedFlow[]): string | undefined {
  const kinds = new Map<string, number[]>();
  for (const flow of flows) {
    const why = whyUnusable(flow);
    if (why !== undefined) kinds.set(why, [...(kinds.get(why) ?? []), flow.number]);
  }
  if (kinds.size === 0) return undefined;
  const count = [...kinds.values()].reduce((sum, { length }) => sum + length, 0);
  const parts = [...kinds].map(([why, numbers]) => {
    const more = numbers.length > MOST_NUMBERS ? ' …' : '';
    return `${numbers.length} ${why} (${numbers
      .slice(0, MOST_NUMBERS)
      .map((number) => `#${number}`)
      .join(' ')}${more})`;
  });
  return `recording ${source}: ${count} of ${flows.length} entries cannot answer: ${parts.join(', ')}`;
}
