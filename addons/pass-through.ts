import {
  type Addon,
  compileFilter,
  ConfigError,
  HttpRequest,
  type MitmProxy,
  type Tunnel,
} from 'replay-proxy';

const NAME = 'PassThrough';

/**
 * Hosts: a name or an address, `*` for any text (`*.bank.example`), with a port (`host:8443`) or for any; a regular expression, or the text of
 * one between slashes, sees `host:port`.
 */
export type HostPattern = string | RegExp;

/** Passes the bytes of tunnels to some hosts on unseen, for clients that trust no certificate but the server's own. */
export class PassThrough implements Addon {
  readonly name = NAME;
  #hosts: readonly HostPattern[];
  #isMeant: (tunnel: Pick<Tunnel, 'host' | 'port'>) => boolean;

  /** @throws ConfigError for what is no pattern. */
  constructor(hosts: readonly HostPattern[] = []) {
    this.#hosts = hosts;
    this.#isMeant = compileHosts(hosts);
  }

  get options() {
    return { schema: { parse: parseOptions }, values: { hosts: this.#hosts } };
  }

  configure({ hosts }: { hosts: readonly HostPattern[] }): void {
    this.#hosts = hosts;
    this.#isMeant = compileHosts(hosts);
  }

  apply(proxy: MitmProxy): void {
    proxy.hooks.connect.tap({ name: NAME, stage: 100 }, (tunnel) =>
      this.#isMeant(tunnel) ? 'tunnel' : undefined,
    );
  }
}

/**
 * The patterns as a function.
 * @throws ConfigError naming the one that is none.
 */
export function compileHosts(
  patterns: readonly HostPattern[],
): (to: Pick<Tunnel, 'host' | 'port'>) => boolean {
  const tests = patterns.map((pattern) => {
    const expression = pattern instanceof RegExp ? pattern : expressionOf(pattern);
    if (expression) {
      // Without the flags by which one use of it depends on the last.
      const plain = new RegExp(expression.source, expression.flags.replace(/[gy]/g, ''));
      return ({ host, port }: Pick<Tunnel, 'host' | 'port'>) =>
        plain.test(host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`);
    }
    if (
      typeof pattern !== 'string' ||
      !/^(?:[\w.*-]+|\[[\da-f:.*]+\]|[\da-f:]+)(?::(?:\d{1,5}|\*))?$/i.test(pattern)
    )
      throw refuse(pattern, 'is no host');
    const filter = compileFilter({ host: pattern });
    return ({ host, port }: Pick<Tunnel, 'host' | 'port'>) =>
      filter(new HttpRequest({ method: 'CONNECT', scheme: 'https', host, port, path: '' }));
  });
  return (to) => tests.some((test) => test(to));
}

function expressionOf(pattern: string): RegExp | undefined {
  const [, source] = /^\/(.+)\/$/s.exec(pattern) ?? [];
  if (source === undefined) return undefined;
  try {
    return new RegExp(source, 'i');
  } catch {
    throw refuse(pattern, 'is no regular expression');
  }
}

function parseOptions(values: unknown): { hosts: readonly HostPattern[] } {
  const { hosts } = values as { hosts?: unknown };
  if (!Array.isArray(hosts)) throw new TypeError(`hosts is a list of patterns, not ${JSON.stringify(hosts)}`);
  compileHosts(hosts as HostPattern[]);
  return { hosts: hosts as HostPattern[] };
}

function refuse(pattern: unknown, problem: string): ConfigError {
  return new ConfigError(
    `${JSON.stringify(pattern)} ${problem}; write it like *.bank.example, 10.0.0.1, host:8443 or /^bank\\./`,
  );
}
