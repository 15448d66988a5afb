import { SyncBailHook, SyncWaterfallHook } from 'tapable';
import {
  addonHooks,
  type Facet,
  type Flow,
  guardSync,
  type HttpRequest,
  type RecordedFlow,
  type RecordedWebSocketMessage,
  type WebSocketMessage,
} from 'replay-proxy';
import { type Candidates, defaultMatch } from './candidates';
import { defaultMatchMessage, type MessageComparison } from './web-socket/match-message';

/** The seat of ServerReplay. */
export const NAME = 'ServerReplay';

/** The hooks that ServerReplay offers. */
export interface ServerReplayHooks {
  /** The facets of a request, recorded or live; what is returned is compared instead. Pure: it may run at any time. */
  readonly identify: SyncWaterfallHook<[facets: Facet[], request: HttpRequest], Facet[] | void>;
  /**
   * Which of the entries that match is to answer; null: none of them. Pure: it is asked again when another request was faster. The last tap
   * is `defaultMatch`.
   */
  readonly match: SyncBailHook<[flow: Flow, candidates: Candidates], RecordedFlow | null | void>;
  /**
   * Whether a message of a WebSocket's client is the recorded one whose turn it is; nothing: not mine to say. Pure: it may be asked again for the
   * report of a miss. The last tap is `defaultMatchMessage`.
   */
  readonly matchMessage: SyncBailHook<
    [
      message: WebSocketMessage,
      recorded: RecordedWebSocketMessage,
      flow: Flow,
      comparison: MessageComparison,
    ],
    boolean | void
  >;
}

/** The hooks of ServerReplay on a proxy. */
export const serverReplayHooks = addonHooks<ServerReplayHooks>(NAME, () => {
  const identify: ServerReplayHooks['identify'] = guardSync(
    `${NAME}.identify`,
    new SyncWaterfallHook<[facets: Facet[], request: HttpRequest], Facet[] | void>(['facets', 'request']),
    { check: isFacets, wants: 'a list of facets, [name, value], both texts' },
  );
  const match: ServerReplayHooks['match'] = guardSync(
    `${NAME}.match`,
    new SyncBailHook<[flow: Flow, candidates: Candidates], RecordedFlow | null | void>([
      'flow',
      'candidates',
    ]),
    { check: isChoice, wants: 'one of the candidates, or null' },
  );
  match.tap({ name: NAME, stage: 100 }, defaultMatch);
  const matchMessage: ServerReplayHooks['matchMessage'] = guardSync(
    `${NAME}.matchMessage`,
    new SyncBailHook(['message', 'recorded', 'flow', 'comparison'] as never),
    { check: (value) => typeof value === 'boolean', wants: 'true, false, or nothing' },
  );
  matchMessage.tap({ name: NAME, stage: 100 }, defaultMatchMessage);
  return { identify, match, matchMessage };
});

/** The name of the tap that wanted none of the candidates; undefined when there is none. */
export function whoDeclined(
  match: ServerReplayHooks['match'],
  flow: Flow,
  candidates: Candidates,
): string | undefined {
  return match.taps.find(({ fn }) => (fn as typeof defaultMatch)(flow, candidates) === null)?.name;
}

function isFacets(value: unknown): boolean {
  return (
    Array.isArray(value) &&
    value.every(
      (facet: unknown) =>
        Array.isArray(facet) &&
        facet.length === 2 &&
        typeof facet[0] === 'string' &&
        typeof facet[1] === 'string',
    )
  );
}

function isChoice(value: unknown): boolean {
  return value === null || (typeof value === 'object' && 'request' in value && 'source' in value);
}
