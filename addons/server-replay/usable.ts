import type { RecordedFlow } from 'replay-proxy';

const MOST_NUMBERS = 5;

/** What can keep an entry from ever answering, as a noun phrase. */
export type WhyUnusable =
  | 'other protocol'
  | 'tunnel'
  | 'without a response'
  | 'with only an interim response'
  | 'killed or failed'
  | 'cut short'
  | 'without a stored body';

/** Why an entry can never answer; undefined if it can. */
export function whyUnusable(flow: RecordedFlow): WhyUnusable | undefined {
  const { request, response, webSocket, unstored, incomplete, error, left } = flow;
  // What broke off can break off again.
  if (webSocket && isOpened(flow)) return unstored?.response ? 'without a stored body' : undefined;
  if (!webSocket && response?.status === 101) return 'other protocol';
  if (request.method.toUpperCase() === 'CONNECT') return 'tunnel';
  if (!response || response.status < 100) return 'without a response';
  if (response.status < 200) return 'with only an interim response';
  if (!left && error !== undefined) return 'killed or failed';
  if (!left && incomplete) return 'cut short';
  return unstored?.response ? 'without a stored body' : undefined;
}

/** Whether its WebSocket was opened. Where a tool has left the answer out, or it was that of HTTP/2 (RFC 8441 §5), the messages tell. */
function isOpened({ request, response, webSocket = [] }: RecordedFlow): boolean {
  if (request.method.toUpperCase() === 'CONNECT') return false;
  return response?.status === 101 || webSocket.length > 0;
}

/** One line that counts and names the entries of a recording that cannot answer, or only when bodies are ignored; undefined when all can. */
export function describeUnusable(source: string, flows: readonly RecordedFlow[]): string | undefined {
  const kinds = new Map<string, number[]>();
  const bodiless: number[] = [];
  for (const flow of flows) {
    const why = whyUnusable(flow);
    if (why !== undefined) kinds.set(why, [...(kinds.get(why) ?? []), flow.number]);
    else if (flow.unstored?.request && !flow.redacted?.includes('body')) bodiless.push(flow.number);
  }
  const counted = [...kinds].map(([why, numbers]) => `${numbers.length} ${why} (${named(numbers)})`);
  const count = [...kinds.values()].reduce((sum, { length }) => sum + length, 0);
  const problems = [
    ...(count > 0 ? [`${count} of ${flows.length} entries cannot answer: ${counted.join(', ')}`] : []),
    ...(bodiless.length > 0 ? [needsIgnore(bodiless)] : []),
  ];
  return problems.length === 0 ? undefined : `recording ${source}: ${problems.join('; ')}`;
}

function needsIgnore(numbers: readonly number[]): string {
  const [entries, their] =
    numbers.length === 1
      ? ['entry matches', 'its request body was']
      : ['entries match', 'their request bodies were'];
  return `${numbers.length} ${entries} only with --ignore body: ${their} not stored (${named(numbers)})`;
}

function named(numbers: readonly number[]): string {
  const first = numbers.slice(0, MOST_NUMBERS).map((number) => `#${number}`);
  return `${first.join(' ')}${numbers.length > MOST_NUMBERS ? ' …' : ''}`;
}
