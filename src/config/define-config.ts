import type { Reuse } from '../../addons/server-replay';
import type { AddonInput } from '../proxy';
import type { ProxyOptions } from '../proxy-options';

/** What a `replay.config.ts` exports: everything is optional, and a command-line flag of the same meaning wins. Relative paths are relative to the file. */
export interface ReplayConfig extends Omit<ProxyOptions, 'upstream' | 'warn'> {
  replay?: {
    /** Recordings to answer from, one after the other. */
    from?: string[];
    /** Names of request headers that must match too. */
    headers?: string[];
    /** Facets that need not match: `host`, `query.utm_*`, `body.user.id`. */
    ignore?: string[];
    /** What happens when there are more equal requests than recorded ones; `never` unless told. */
    reuse?: Reuse;
  };
  /** Move the dates of replayed responses to now; on unless told. */
  refresh?: boolean;
  /** What happens with a request that nobody answered; `forward` unless told. A number is the status (200 to 599) of an empty response. */
  unmatched?: 'forward' | 'kill' | number;
  record?: {
    /** The file to record to, written anew; with `+` before its name, gone on with. `.mitm`, `.flow` and `.dump` are mitmproxy dumps, anything else is HAR. */
    to?: string;
    /** Take conditions out of what upstream sees, so that whole responses are recorded; on unless told. */
    fresh?: boolean;
  };
  upstream?: Omit<NonNullable<ProxyOptions['upstream']>, 'ca'> & {
    /** PEM file of certificates to trust beside Node's own. */
    ca?: string;
  };
  /** Addons, or files that export one by default. One with the name of a built-in takes its seat. */
  addons?: (AddonInput | string)[];
}

/** Returns its argument: it exists so that an editor knows the keys. */
export function defineConfig(config: ReplayConfig): ReplayConfig {
  return config;
}
