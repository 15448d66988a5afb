import { escapeControls } from '../escape-controls';
import type { Settings } from '../config/load-config';
import { formatAuthority, DEFAULT_PORTS } from '../http/authority';
import { listenersOf } from '../proxy-options';
import type { ListenerOptions } from '../transport/options';
import { parseProxyUrl } from '../transport/upstream-proxy';

/** What is known once the proxy listens. */
export interface Greeting {
  /** Where the proxy listens, in the order of its listeners. */
  readonly urls: readonly string[];
  readonly config: Settings;
  /** The config file, as it is shown. */
  readonly file: string | undefined;
  /** Entries that can answer; undefined when an addon of the user's replays. */
  readonly loaded: number | undefined;
  /** The file of our CA's certificate. */
  readonly certificate: string;
  /** A command to try. */
  readonly tryLine: string | undefined;
}

const WHAT = { all: '', missing: 'what is missing ', once: 'once ' } as const;

/** The lines that a run begins with. */
export function greeting({ urls, config, file, loaded, certificate, tryLine }: Greeting): string[] {
  const { replay, record, upstream, unmatched = 'forward' } = config;
  const from = replay?.from ?? [];
  const lines = listenersOf(config).map(({ mode }, at) => `listening on ${urls[at]}${standingAs(mode)}`);
  if (upstream?.proxy !== undefined) lines.push(`leaving through: ${wayOut(upstream)}`);
  if (file !== undefined) lines.push(`config: ${file}`);
  if (from.length > 0) {
    const entries = loaded === undefined ? '' : `${loaded} ${loaded === 1 ? 'entry' : 'entries'} from `;
    lines.push(`replaying: ${entries}${from.join(', ')}`);
  }
  if (record?.to !== undefined)
    lines.push(`recording ${WHAT[record.mode ?? 'all']}to: ${record.to.replace(/^\+/, '')}`);
  else if (record?.mode === 'once')
    lines.push(`recorded before, so nothing more is; to record anew, delete ${from.at(-1)}`);
  const hasNothingToReplay = from.length === 0 && loaded !== undefined;
  if (hasNothingToReplay && unmatched === 'kill') {
    lines.push('-k without a recording: every request is killed');
  } else if (hasNothingToReplay && record?.to === undefined && unmatched === 'forward') {
    lines.push('nothing is replayed (-S) or recorded (-w): every request is forwarded');
  }
  lines.push(`CA certificate, for clients to trust: ${certificate}`);
  if (tryLine !== undefined) lines.push(`try: ${tryLine}`);
  return lines.map(escapeControls);
}

function wayOut({ proxy = '', noProxy = [] }: NonNullable<Settings['upstream']>): string {
  const through = proxy === 'env' ? 'what the environment says' : parseProxyUrl(proxy).shown;
  return noProxy.length > 0 ? `${through}, but for ${noProxy.join(', ')}` : through;
}

function standingAs(mode: ListenerOptions['mode']): string {
  if (mode === 'regular') return '';
  if (mode === 'socks5') return ', for SOCKS5 (socks5h:// in curl and git)';
  const { scheme, host, port } = mode.origin;
  return `, in place of ${scheme}://${formatAuthority(host, port, DEFAULT_PORTS[scheme])}`;
}
