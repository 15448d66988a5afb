import { type EntryName, type Flow, type Miss, type Outcome, type Redaction, toldTarget } from 'replay-proxy';
import type { Counts } from './counts';

/** What a run did, as JSON has it. */
export interface Report {
  /** Tells the file from others. */
  readonly kind: 'replay-proxy report';
  readonly version: 1;
  /** Where lists end; the counts are exact. */
  readonly longestList: number;
  /** ISO 8601. */
  readonly startedAt: string;
  /** ISO 8601; null while the proxy runs, and when it was killed. */
  readonly endedAt: string | null;
  readonly counts: Counts & { readonly unused: number };
  /** Requests that no recording answered, and why. */
  readonly missed: readonly (FlowSummary & { readonly miss?: Miss })[];
  /** Requests that went to upstream; `by` names the addon that let them, if one did. */
  readonly forwarded: readonly FlowSummary[];
  readonly killed: readonly FlowSummary[];
  readonly failed: readonly FlowSummary[];
  /** What was refused because nothing may leave; `by` names the addon that wanted it to. */
  readonly refused: readonly FlowSummary[];
  /** Recorded entries that answered nobody. */
  readonly unused: readonly EntryName[];
  /** Every `host:port` of upstream that was contacted, or tried. */
  readonly contacted: readonly string[];
  /** The counts of each session, those of the default one under an empty name. */
  readonly sessions: Readonly<Record<string, Counts>>;
}

/** A flow in short. */
export interface FlowSummary {
  /** When its request began, ISO 8601. */
  readonly at: string;
  readonly method: string;
  readonly url: string;
  readonly outcome: Outcome;
  /** Its session, if it has a name. */
  readonly session?: string;
  /** The status that the client got. */
  readonly status?: number;
  /** The addon that decided. */
  readonly by?: string;
  readonly error?: string;
}

/** A flow in short, with what became of it and without what is to be kept out of reports. */
export function summaryOf(flow: Flow, outcome: Outcome, redaction: Redaction): FlowSummary {
  const { request, session, response, headSentAt, decidedBy, error } = flow;
  return {
    at: new Date(flow.startedAt).toISOString(),
    method: request.method,
    url: toldTarget(request, redaction),
    outcome,
    ...(session !== '' && { session }),
    ...(headSentAt !== undefined && response && { status: response.status }),
    ...(decidedBy !== undefined && { by: decidedBy }),
    ...(error && { error: redaction.sentence(error.message, request.url) }),
  };
}
