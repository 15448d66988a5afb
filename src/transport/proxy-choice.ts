import { noProxyRules, readableRules } from './no-proxy';
import { parseProxyUrl, type ProxyFor, type UpstreamProxy } from './upstream-proxy';

/** How a user says which way requests leave. */
export interface ProxyChoice {
  /** The URL of a proxy, or `env` for what the environment says. */
  readonly proxy?: string;
  /** What goes past it. */
  readonly noProxy?: readonly string[];
}

/** The variables of a process. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Which proxy stands before which origin. The environment (`http_proxy`, `https_proxy`, `all_proxy`, `no_proxy`, also in capitals) counts only when
 * it is asked for: as a rule it names us, to our clients.
 * @throws ConfigError for a URL or a rule that cannot be read
 */
export function proxyChoice({ proxy, noProxy = [] }: ProxyChoice, env: Environment): ProxyFor {
  const say = (name: string) => env[name] || env[name.toUpperCase()] || undefined;
  const isEnv = proxy === 'env';
  const read = (url: string | undefined) => (url === undefined ? undefined : parseProxyUrl(url));
  const all = read(isEnv ? say('all_proxy') : proxy);
  const own: Record<'http' | 'https', UpstreamProxy | undefined> = {
    http: read(isEnv ? say('http_proxy') : undefined) ?? all,
    https: read(isEnv ? say('https_proxy') : undefined) ?? all,
  };
  const isPast = noProxyRules([...noProxy, ...(isEnv ? readableRules(say('no_proxy') ?? '') : [])]);
  return (origin) => {
    const chosen = own[origin.scheme];
    return chosen && !isPast(origin) ? chosen : undefined;
  };
}
