import { homedir } from 'node:os';
import { ConfigError } from './errors';
import { defaultAuthorityFolder } from './transport/authority-folder';
import type { ClientCertificate } from './transport/client-certificates';
import { type ListenerSpec, parseListener } from './transport/listener-spec';
import type { Limits, TransportOptions, UpstreamOptions } from './transport/options';
import { type Environment, proxyChoice } from './transport/proxy-choice';

/** How a proxy listens, where it forwards to, and what it puts up with. */
export interface ProxyOptions {
  listen?: {
    /** 127.0.0.1 unless told. */
    host?: string;
    /** 8080 unless told; 0 for any free one. */
    port?: number;
    /** Serve other machines of the local network. */
    allowLan?: boolean;
    /** Serve peers with global addresses too. */
    allowPublic?: boolean;
    /** `[user:]password` that clients have to send as proxy credentials; the user name is theirs to choose. Lets a wider `host` be used. */
    proxyAuth?: string;
    /** Speak HTTP/2 with clients that want it; on unless told. */
    http2?: boolean;
  };
  /**
   * What is listened on, each `MODE@HOST:PORT` (`regular@8080`, `socks5@127.0.0.1:1080`, `reverse:https://shop.example@8081`) or an object. The listener of
   * `listen` and `mode` comes before them where its port or its origin is told, or there are no others.
   */
  listeners?: (string | ListenerSpec)[];
  mode?: {
    /** Stand in for this origin, `http://host:port` or `https://host:port`; without it clients use us as a proxy. */
    reverse?: string;
    /** In reverse mode: leave the client's Host header as it is. */
    keepHost?: boolean;
  };
  upstream?: {
    /** Accept any upstream certificate. */
    insecure?: boolean;
    /** PEM certificates to trust beside Node's own. */
    ca?: string;
    /** Certificate to show to servers that ask for one, PEM; its private key may stand in it, too. */
    cert?: string;
    /** The private key of `cert`, PEM. */
    key?: string;
    /** Certificates for some servers only, PEM; the first whose `host` fits counts, and `cert` where none does. */
    clientCertificates?: ClientCertificate[];
    /** Speak HTTP/2 with servers that take it: by ALPN, or without TLS for clients that ask by HTTP/2 (RFC 9113 §3); on unless told. */
    http2?: boolean;
    /**
     * The proxy that requests and tunnels leave through, `http://user:password@host:port`, also `https://`, `socks5://` and `socks5h://`; names are
     * looked up by it. `env`: the one that the environment names (`http_proxy`, `https_proxy`, `all_proxy`, `no_proxy`). None unless told.
     */
    proxy?: string;
    /** What goes past that proxy: `localhost`, `.corp.example`, `10.0.0.0/8`, `host:8443`, `*`. Names stand for all beneath them, too. */
    noProxy?: string[];
  };
  /**
   * Whether the user name of a client's proxy credentials names its session; on unless told. `required`: who names none is answered
   * 407.
   */
  sessions?: boolean | 'required';
  /** Let nothing leave, whatever addons decide: what would be forwarded or tunnelled fails with an `EgressError`. Off unless told. */
  offline?: boolean;
  /** Folder of our certificate authority; the user's data folder unless told. */
  authority?: string;
  /** Times in milliseconds, sizes in bytes; see the fields. */
  limits?: Partial<Limits>;
  /** Milliseconds that a tap has to settle; 10,000 unless told. */
  hookTimeout?: number;
  /** Takes one line about what no flow can tell. Standard error unless told. */
  warn?: (line: string) => void;
}

/**
 * How upstream is reached, with what nobody told filled in.
 * @throws ConfigError for a proxy, or what goes past it, that cannot be read.
 */
export function upstreamOptions({ upstream = {} }: ProxyOptions, env: Environment): UpstreamOptions {
  const { insecure = false, http2 = true, ca, cert, key, clientCertificates = [] } = upstream;
  if (key !== undefined && cert === undefined)
    throw new ConfigError(
      'upstream.key is the key of a certificate; name that, too, upstream.cert or --cert',
    );
  const forAll = cert === undefined ? [] : [{ host: '*', cert, ...(key !== undefined && { key }) }];
  return {
    insecure,
    http2,
    ...(ca === undefined ? {} : { ca }),
    clientCertificates: [...clientCertificates, ...forAll],
    proxyFor: proxyChoice(upstream, env),
  };
}

/**
 * What the transport is told of a proxy's options, with what nobody told filled in.
 * @throws ConfigError for an origin or a listener that is none.
 */
export function transportOptions(options: ProxyOptions, limits: Limits): TransportOptions {
  const { listen = {}, sessions = true } = options;
  return {
    listeners: listenersOf(options),
    allowLan: listen.allowLan ?? false,
    allowPublic: listen.allowPublic ?? false,
    ...(listen.proxyAuth === undefined ? {} : { proxyAuth: listen.proxyAuth }),
    sessions,
    http2: listen.http2 ?? true,
    authorityFolder: options.authority ?? defaultAuthorityFolder(process.env, process.platform, homedir()),
    limits,
    now: Date.now,
  };
}

/**
 * The listeners that options ask for, in the order of `proxy.urls`.
 * @throws ConfigError for an origin or a listener that is none, and for two in one place.
 */
export function listenersOf({
  listen = {},
  mode = {},
  listeners = [],
}: Pick<ProxyOptions, 'listen' | 'mode' | 'listeners'>): TransportOptions['listeners'] {
  const { host = '127.0.0.1', port } = listen;
  const { reverse, keepHost = false } = mode;
  const others = listeners.map((spec) => parseListener(spec, { host, keepHost }));
  const [first, ...rest] = others;
  if (first && port === undefined && reverse === undefined) return inPlacesOfTheirOwn([first, ...rest]);
  const own = {
    mode: reverse === undefined ? ('regular' as const) : { reverse },
    ...(port !== undefined && { port }),
  };
  return inPlacesOfTheirOwn([parseListener(own, { host, keepHost }), ...others]);
}

function inPlacesOfTheirOwn(listeners: TransportOptions['listeners']): TransportOptions['listeners'] {
  const taken = new Set<string>();
  for (const { host, port } of listeners) {
    const place = `port ${port} on ${host}`;
    if (port !== 0 && taken.has(place))
      throw new ConfigError(`two listeners are to take ${place}; give each its own (--port, --mode)`);
    taken.add(place);
  }
  return listeners;
}
