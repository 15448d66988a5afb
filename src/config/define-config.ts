import type { Unmatched } from '../../addons/kill-unmatched';
import type { HostPattern } from '../../addons/pass-through';
import type { ReplayRule, Reuse } from '../../addons/server-replay';
import type { AddonInput } from '../proxy';
import type { ProxyOptions } from '../proxy-options';

/**
 * What is recorded. `all`: everything that is forwarded · `missing`: what the file has no answer for, which the rest is replayed from ·
 * `once`: everything if there is no file, else nothing, and the file is replayed strictly.
 */
export const RECORD_MODES = ['all', 'missing', 'once'] as const;

/** What can make a run end with exit code 1, when there is any. */
export const FAILINGS = ['missed', 'unused', 'forwarded', 'refused', 'killed', 'failed'] as const;

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
    /** How fast recorded streams and WebSockets are replayed: 1 as recorded, 2 twice as fast; 0 at once, without gaps, unless told. */
    speed?: number;
    /** Other ways for some requests; the first rule that is for a request counts. */
    rules?: ReplayRule[];
  };
  /** Move the dates of replayed responses to now; on unless told. */
  refresh?: boolean;
  /**
   * What happens with a request that nobody answered; `forward` unless told, `kill` with `offline`. A number is the status (200 to 599)
   * of a response that says why. Or a list of rules, or a function of the flow.
   */
  unmatched?: Unmatched;
  /**
   * Hosts whose tunnels are passed on unseen, for clients that trust no certificate but the server's own: `*.bank.example`, `10.0.0.1`, `host:8443`,
   * or a regular expression, which sees `host:port`.
   */
  ignoreHosts?: HostPattern[];
  record?: {
    /** The file to record to, written anew; with `+` before its name, gone on with. `.mitm`, `.flow` and `.dump` are mitmproxy dumps, anything else is HAR. */
    to?: string;
    /** What is recorded; `all` unless told. */
    mode?: (typeof RECORD_MODES)[number];
    /** What is taken out before an entry is written: `header.authorization`, `query.token`, `body.password`, `response.header.set-cookie`, `response.body.token`. */
    redact?: string[];
    /** Take conditions out of what upstream sees, so that whole responses are recorded; on unless told. */
    fresh?: boolean;
  };
  upstream?: Omit<NonNullable<ProxyOptions['upstream']>, 'ca' | 'cert' | 'key' | 'clientCertificates'> & {
    /** PEM file of certificates to trust beside Node's own. */
    ca?: string;
    /** PEM file of the certificate to show to servers that ask for one; its private key may stand in it, too. */
    cert?: string;
    /** PEM file of the private key of `cert`. */
    key?: string;
    /** Certificates for some servers only, PEM files: `host` is a host, or `*.example` for all beneath. `cert` counts where none fits. */
    clientCertificates?: {
      host: string;
      cert: string;
      key?: string | undefined;
      passphrase?: string | undefined;
    }[];
  };
  /** The file for the report of the run, JSON. */
  report?: string;
  /** What makes the run end with exit code 1, when there is any. */
  failOn?: (typeof FAILINGS)[number][];
  /** Addons, or files that export one by default. One with the name of a built-in takes its seat. */
  addons?: (AddonInput | string)[];
}

/** Returns its argument: it exists so that an editor knows the keys. */
export function defineConfig(config: ReplayConfig): ReplayConfig {
  return config;
}
