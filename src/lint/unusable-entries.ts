import type { RecordedFlow } from '../recording/recorded-flow';
import type { Findings } from './findings';
import type { Reading } from './reading';

/** Why an entry can never answer, as a noun phrase; undefined if it can. */
export type JudgeUsable = (flow: RecordedFlow) => string | undefined;

/** Finds what can never answer, or only when bodies are ignored. */
export function findUnusable(reading: Reading, why: JudgeUsable, found: Findings): void {
  const { flow } = reading;
  const reason = why(flow);
  if (reason !== undefined) {
    found.add(flow.number, {
      kind: 'unusable',
      place: '',
      what: `can never answer: ${reason}`,
      suggestion: remedyFor(flow),
    });
  } else if (flow.unstored?.request && !reading.isRedacted('body')) {
    found.add(flow.number, {
      kind: 'unusable',
      place: '',
      what: 'matches only with --ignore body: its request body was not stored',
      suggestion: 'record again, or --ignore body',
    });
  }
}

function remedyFor({ request, response, webSocket }: RecordedFlow): string {
  if (!webSocket && response?.status === 101)
    return 'other protocols are not recorded; let an addon answer, or leave it out';
  if (request.method.toUpperCase() === 'CONNECT')
    return "record again with the proxy's certificate trusted: then what is inside is recorded";
  return 'record again';
}
