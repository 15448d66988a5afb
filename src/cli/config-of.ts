import type { RunFlags } from './flags';

const FLAGS: Readonly<Record<string, string>> = {
  'replay.from': '--server-replay',
  'replay.headers': '--rheader',
  'replay.ignore': '--ignore',
  'replay.reuse': '--reuse',
  'replay.speed': '--speed',
  unmatched: '--unmatched',
  'record.to': '--record',
  'record.redact': '--redact',
  'listen.proxyAuth': '--proxy-auth',
  report: '--report',
  failOn: '--fail-on',
  'mode.reverse': '--reverse',
  'listen.port': '--port',
  listeners: '--mode',
  'listen.host': '--host',
  ignoreHosts: '--ignore-hosts',
  'upstream.ca': '--ca',
  'upstream.cert': '--cert',
  'upstream.key': '--key',
  'upstream.proxy': '--upstream-proxy',
  'upstream.noProxy': '--no-proxy',
  addons: '--addon',
};

/** The flag that sets a key of the config, as an error message names it. */
export function nameFlag(key: string): string {
  return FLAGS[key.replace(/\[\d+\]$/, '')] ?? key;
}

/** The flags in the words of a config. */
export function configOf(flags: RunFlags): Record<string, unknown> {
  const { serverReplay, rheader, ignore, reuse, keepHost, reverse, allowLan, allowPublic, insecure, ca } =
    flags;
  const { record, recordMissing, recordOnce } = flags;
  const recording =
    recordMissing !== undefined
      ? { to: recordMissing, mode: 'missing' }
      : recordOnce !== undefined
        ? { to: recordOnce, mode: 'once' }
        : record !== undefined
          ? { to: record, mode: 'all' }
          : {};
  return {
    listen: {
      host: flags.host,
      port: numeric(flags.port),
      allowLan,
      allowPublic,
      proxyAuth: flags.proxyAuth,
      http2: flags.http2,
    },
    listeners: flags.mode,
    mode: { reverse, keepHost },
    replay: { from: serverReplay, headers: rheader, ignore, reuse, speed: decimal(flags.speed) },
    refresh: flags.refresh,
    unmatched: flags.kill ? 'kill' : numeric(flags.unmatched),
    ignoreHosts: flags.ignoreHosts,
    offline: flags.offline,
    record: { ...recording, redact: flags.redact },
    report: flags.report,
    failOn: flags.failOn,
    upstream: {
      insecure,
      ca,
      cert: flags.cert,
      key: flags.key,
      http2: flags.http2,
      proxy: flags.upstreamProxy,
      noProxy: flags.noProxy,
    },
    addons: flags.addon,
  };
}

function numeric(text: string | undefined): string | number | undefined {
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : text;
}

function decimal(text: string | undefined): string | number | undefined {
  return text !== undefined && /^\d+(?:\.\d+)?$|^\.\d+$/.test(text) ? Number(text) : text;
}
