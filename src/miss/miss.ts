/** Why nothing recorded answered a request: data for addons, front ends and reports. `missText` and `missLine` put it into words. */
export interface Miss {
  /** The request that nothing answered. */
  readonly method: string;
  readonly url: string;
  /** The session that asked; empty for the default one. */
  readonly session: string;
  /**
   * `never recorded`: no entry matches · `used up`: those that match have answered already · `no candidate`: those that match cannot
   * answer this request · `declined`: an addon's `match` tap wanted none of those that could · `departed`: the client of a recorded WebSocket
   * says something else than was recorded.
   */
  readonly reason: 'never recorded' | 'used up' | 'no candidate' | 'declined' | 'departed';
  /** The recordings that were looked through, and how many of their entries can answer. */
  readonly sources: readonly string[];
  readonly entries: number;
  /** The entries that match and have answered; undefined when there is none. */
  readonly used?: UsedEntries;
  /** Entries that match but cannot answer this request, up to three of each kind. */
  readonly unfit: readonly UnfitEntry[];
  /** The addon whose `match` tap wanted none. */
  readonly declinedBy?: string;
  /** Where the client of a recorded WebSocket departed from it. */
  readonly departure?: WebSocketDeparture;
  /** The entries that come nearest, up to three, the nearest first; empty when some match. Of a departure, the message that was expected. */
  readonly nearest: readonly NearEntry[];
  /** What would have made an entry match, or answer again. */
  readonly remedy?: Remedy;
}

/** A recorded exchange, named so that a person finds it. */
export interface EntryName {
  /** The file, as the user named it. */
  readonly source: string;
  /** Place in that file, from 1. */
  readonly number: number;
  readonly method: string;
  readonly url: string;
}

/** Matching entries that have answered. */
export interface UsedEntries {
  /** How many. */
  readonly count: number;
  /** The first of them, up to three. */
  readonly entries: readonly EntryName[];
  /** Epoch milliseconds of the last use; undefined when it was not in this process. */
  readonly lastUsedAt?: number;
}

/** An entry that matches and cannot answer. */
export interface UnfitEntry {
  readonly entry: EntryName;
  /** What is the matter with it: "its body was not stored". */
  readonly why: string;
  /** What to do about it, an imperative. */
  readonly advice: string;
}

/** Where the client of a recorded WebSocket says something else than was recorded. */
export interface WebSocketDeparture {
  readonly entry: EntryName;
  /**
   * `unlike`: its message is not the recorded one · `one too many`: it goes on after all that was recorded · `left early`: it says goodbye before it
   * has said all.
   */
  readonly how: 'unlike' | 'one too many' | 'left early';
  /** Number of its message, from 1, and how many it has in the recording. */
  readonly message: number;
  readonly of: number;
  /** The number of the recorded message that it equals instead, if it came too early. */
  readonly equals?: number;
}

/** An entry that matches but for some facets. */
export interface NearEntry {
  readonly entry: EntryName;
  /** True when it has answered already. */
  readonly isUsed: boolean;
  /** Why it could not answer even if it matched; undefined if it could. */
  readonly unfit?: string;
  /** What differs, in the order of the request's parts; of very many the first. */
  readonly differences: readonly Difference[];
  /** Differences that are left out. */
  readonly more: number;
}

/** A facet that is not the same on both sides. Long values are cut where they are equal. */
export interface Difference {
  /** The facet's name, as an ignore rule would have it. */
  readonly facet: string;
  /** As it was asked for; undefined when the request has no such facet. */
  readonly asked?: string;
  /** As it was recorded; undefined when the entry has no such facet. */
  readonly recorded?: string;
  /** The addons whose `identify` taps changed this facet, on either side. */
  readonly changedBy?: readonly string[];
}

/** Settings that would have made a difference. */
export interface Remedy {
  /** Facets to ignore, beside those that are already; empty when none would help. */
  readonly ignore: readonly string[];
  /** What to put on the command line. */
  readonly flags: string;
  /** The same in a `replay.config.ts`. */
  readonly config: string;
}
