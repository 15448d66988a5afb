import type { HttpRequest, RecordedFlow } from 'replay-proxy';
import type { ServerReplayHooks } from '../hooks';
import type { Policy } from '../policy';
import type { Replayable } from '../replayable';

/** What there is to know about a request that nothing answered. */
export interface Question {
  readonly request: HttpRequest;
  readonly session: string;
  readonly policy: Policy;
  readonly replayable: Replayable;
  /** How many entries could answer when it was asked, and how many there were to compare with; others may have been added since. */
  readonly entries: number;
  readonly known: number;
  /** The entries that matched, used or not. */
  readonly matching: readonly RecordedFlow[];
  readonly sources: readonly string[];
  readonly identify: ServerReplayHooks['identify'] | undefined;
  /** Whether an entry has answered this session and does not answer again. */
  readonly isUsed: (entry: RecordedFlow) => boolean;
  /** Epoch milliseconds of an entry's last use by this session. */
  readonly lastUse: (entry: RecordedFlow) => number | undefined;
  /** The addon whose `match` tap wanted none of the candidates. */
  readonly declinedBy?: string | undefined;
}
