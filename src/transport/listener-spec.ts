import { ConfigError } from '../errors';
import { parseOrigin } from '../http/authority';
import type { ListenerOptions } from './options';

/** An address to listen on, as users say it. */
export interface ListenerSpec {
  /** A proxy of HTTP, one of SOCKS5, or a stand-in for an origin; with `keepHost` it leaves the client's Host header as it is. */
  mode: 'regular' | 'socks5' | { reverse: string; keepHost?: boolean };
  /** The one of `listen` unless told, 127.0.0.1 where that says nothing either. */
  host?: string;
  /** 8080 unless told, 1080 for SOCKS5; 0 for any free one. */
  port?: number;
}

/** What a spec that does not tell goes by. */
export interface ListenerDefaults {
  readonly host: string;
  readonly keepHost: boolean;
}

const PORTS = { regular: 8080, reverse: 8080, socks5: 1080 } as const;
const EXAMPLES = 'write it like regular@8080, socks5@127.0.0.1:1080 or reverse:https://shop.example@8081';

/**
 * Reads `MODE@HOST:PORT`, host and port optional, or the same as an object.
 * @throws ConfigError saying what is wrong with it, in one line
 */
export function parseListener(
  spec: string | ListenerSpec,
  defaults: ListenerDefaults = { host: '127.0.0.1', keepHost: false },
): ListenerOptions {
  const { mode, host = defaults.host, port } = typeof spec === 'string' ? specOf(spec) : checked(spec);
  const kind = typeof mode === 'string' ? mode : 'reverse';
  return {
    host,
    port: port ?? PORTS[kind],
    mode:
      typeof mode === 'string'
        ? mode
        : {
            kind: 'reverse',
            origin: parseOrigin(mode.reverse),
            keepHost: mode.keepHost ?? defaults.keepHost,
          },
  };
}

function specOf(text: string): ListenerSpec {
  const [, name = '', where] = /^(.*?)(?:@([^@]*))?$/s.exec(text) ?? [];
  const mode = modeOf(name, text);
  if (where === undefined) return { mode };
  const [, host, digits] = /^(?:(\[[0-9a-f:.]+\]|[^:[\]\s]+):)?(\d{1,5})$/i.exec(where) ?? [];
  const port = Number(digits);
  if (digits === undefined || port > 65535) throw refuse(text, `has no usable address; ${EXAMPLES}`);
  return { mode, port, ...(host !== undefined && { host: host.replace(/^\[|\]$/g, '') }) };
}

function modeOf(name: string, text: string): ListenerSpec['mode'] {
  if (name === 'regular' || name === 'socks5') return name;
  if (name.startsWith('reverse:')) return { reverse: name.slice('reverse:'.length) };
  if (name.startsWith('upstream'))
    throw refuse(text, 'says which way requests leave; that is for --upstream-proxy, or upstream.proxy');
  throw refuse(text, `has no mode that there is; ${EXAMPLES}`);
}

/** Objects come from configs, where nobody has looked at them. */
function checked(spec: ListenerSpec): ListenerSpec {
  const fail = (problem: string) => refuse(spec, problem);
  if (typeof spec !== 'object' || spec === null) throw fail(`is none; ${EXAMPLES}, or { mode, host, port }`);
  const unknown = Object.keys(spec).find((key) => !['mode', 'host', 'port'].includes(key));
  if (unknown !== undefined)
    throw fail(`has the key ${unknown}, which there is not; known are mode, host and port`);
  const { mode, host, port } = spec as { mode?: unknown; host?: unknown; port?: unknown };
  const { reverse, keepHost, ...rest } = (typeof mode === 'object' ? (mode ?? {}) : {}) as Record<
    string,
    unknown
  >;
  const isReverse =
    typeof reverse === 'string' &&
    ['boolean', 'undefined'].includes(typeof keepHost) &&
    Object.keys(rest).length === 0;
  if (mode !== 'regular' && mode !== 'socks5' && !isReverse)
    throw fail("has no mode that there is: 'regular', 'socks5' or { reverse: 'https://…', keepHost }");
  if (host !== undefined && (typeof host !== 'string' || host === ''))
    throw fail('has a host that is no text');
  if (port !== undefined && !(Number.isInteger(port) && Number(port) >= 0 && Number(port) <= 65535))
    throw fail('has a port that is no whole number from 0 to 65535');
  return spec;
}

function refuse(spec: unknown, problem: string): ConfigError {
  return new ConfigError(`listener ${JSON.stringify(spec)?.slice(0, 100)} ${problem}`);
}
