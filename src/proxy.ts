import type { Addon as AddonOf, AddonInput as AddonInputOf } from './core/addon';
import type { ClientEnd } from './core/ends';
import { type Core, exchange } from './core/exchange';
import { Flow } from './core/flow';
import { createProxyHooks, type ProxyHooks } from './core/hooks';
import { Seats } from './core/seats';
import type { Tunnel } from './core/tunnel';
import { decideTunnel, mayPass } from './core/tunnels';
import { ConfigError, ReplayError, reasonOf } from './errors';
import { formatAuthority } from './http/authority';
import { HttpRequest } from './http/request';
import { type ProxyOptions, transportOptions, upstreamOptions } from './proxy-options';
import { isSessionName } from './transport/gate';
import { lateUpstream } from './transport/late-upstream';
import { createTransport } from './transport/listener';
import { refuseLoops } from './transport/loop-guard';
import { warnOnStderr } from './warn';
import { DEFAULT_LIMITS, type Transport } from './transport/options';
import type { Upstream } from './transport/upstream';

/** An addon for this proxy. */
export type Addon = AddonOf<MitmProxy>;
/** What `use()` takes. */
export type AddonInput = AddonInputOf<MitmProxy>;

/** The proxy: owns the hooks, the addons and the transport. */
export class MitmProxy {
  readonly hooks: ProxyHooks;
  /** Origins that addons can answer for; named in hints to clients. */
  readonly origins = new Set<string>();

  readonly #seats = new Seats<MitmProxy>();
  readonly #transport: Transport;
  readonly #upstream: Upstream;
  readonly #core: Core;
  #flows = 0;
  readonly #hasSessions: boolean;
  #isStarted = false;
  #isListening = false;
  #stopping: Promise<void> | undefined;
  #stopError: Error | undefined;

  constructor(options: ProxyOptions = {}) {
    const limits = { ...DEFAULT_LIMITS, ...options.limits };
    const warn = options.warn ?? warnOnStderr;
    this.#hasSessions = options.sessions !== false;
    this.hooks = createProxyHooks({
      timeout: options.hookTimeout ?? 10_000,
      addonNow: () => this.#seats.applying,
      contain: (hook, error) => {
        warn(reasonOf(error));
        if (hook === 'stop') this.#stopError ??= error;
      },
    });
    this.#upstream = lateUpstream(upstreamOptions(options, process.env), limits, Date.now);
    this.#core = {
      hooks: this.hooks,
      send: refuseLoops(this.#upstream.send, this.#upstream.refuseLoop),
      offline: options.offline ?? false,
      heldBody: limits.heldBody,
      now: Date.now,
      warn,
    };
    this.#transport = createTransport(transportOptions(options, limits), {
      exchange: (request, client) => exchange(this.#flow(request, client), client, this.#core),
      connect: (tunnel) => decideTunnel(tunnel, () => this.#tunnelFlow(tunnel), this.#core),
      opaque: (tunnel) => mayPass(this.#tunnelFlow(tunnel), this.#core),
      dial: (to, signal) => this.#upstream.dial(to, signal),
      originHint: () => (this.origins.size === 1 ? [...this.origins][0] : undefined),
      warn,
    });
  }

  /**
   * Adds addons; one with the name of an earlier one takes its seat. They are applied, in order, at `start()`.
   * @throws ConfigError for what is no addon.
   */
  use(...addons: Addon[]): this;
  use(...addons: AddonInput[]): this;
  use(...addons: AddonInput[]): this {
    this.#seats.use(addons);
    return this;
  }

  /** The addons, in the order in which they are applied. */
  get addons(): readonly Addon[] {
    return this.#seats.addons;
  }

  /** Applies the addons without starting, for tools that only ask their hooks; `start()` does it, too. */
  applyAddons(): void {
    this.#seats.apply(this);
  }

  /**
   * Changes options of the addon `name` for flows to come: checked whole, then applied whole.
   * @throws ConfigError for an unknown addon, one without options, or values that do not fit.
   */
  configure(name: string, patch: Readonly<Record<string, unknown>>): Promise<void> {
    return this.#seats.configure(name, patch);
  }

  /**
   * Applies the addons, takes the address, lets addons load what they need, then serves.
   * @throws ConfigError when the address is taken or it was started before; whatever a `start` tap throws.
   */
  async start(): Promise<void> {
    if (this.#isStarted) throw new ConfigError('a proxy starts once; make a new MitmProxy');
    this.#isStarted = true;
    this.applyAddons();
    await this.#transport.listen();
    this.#isListening = true;
    try {
      await this.hooks.start.promise();
    } catch (error) {
      await this.stop().catch(() => {});
      throw error instanceof Error && error.cause instanceof ReplayError ? error.cause : error;
    }
    this.#transport.serve();
  }

  /**
   * Finishes open flows within the grace time, then lets addons write what they hold. Rejects with what a `stop` tap threw first; the others
   * had their turn all the same.
   */
  stop(): Promise<void> {
    return (this.#stopping ??= this.#stop());
  }

  async #stop(): Promise<void> {
    this.#isListening = false;
    try {
      await this.#transport.close();
      await this.#upstream.close();
    } finally {
      await this.hooks.stop.promise();
    }
    if (this.#stopError) throw this.#stopError;
  }

  /** Every `host:port` upstream that was contacted, or tried. */
  get contacted(): ReadonlySet<string> {
    return this.#upstream.contacted;
  }

  /**
   * The URL of a port that belongs to the session `name`, opened if need be: for reverse mode, and for clients that send no proxy
   * credentials. What the session has consumed lasts the run, whichever way its requests come.
   * @throws ConfigError for what can name no session, when sessions are off, and while the proxy is not started.
   */
  async session(name: string): Promise<string> {
    if (!isSessionName(name))
      throw new ConfigError('a session needs a name, of up to 200 characters without control characters');
    if (!this.#hasSessions) throw new ConfigError('sessions are turned off (sessions: false)');
    if (!this.#isListening) throw new ConfigError('a session has a port only while the proxy is started');
    const { host, port } = await this.#transport.openSession(name);
    return `${new URL(this.url).protocol}//${formatAuthority(host, port)}`;
  }

  /** Closes the port that `session(name)` has opened; requests that are open are answered. */
  closeSession(name: string): void {
    this.#transport.closeSession(name);
  }

  /** Where clients find the proxy, `http://127.0.0.1:8080`: the URL of its first listener. */
  get url(): string {
    return this.urls[0];
  }

  /** The URLs of all listeners, in their order: `http://…`, or `socks5://…` for those of SOCKS5. */
  get urls(): readonly [string, ...string[]] {
    const [first, ...others] = this.#transport.listeners;
    const urlOf = ({ mode, host, port }: typeof first) =>
      `${mode === 'socks5' ? 'socks5' : 'http'}://${formatAuthority(host, port)}`;
    return [urlOf(first), ...others.map(urlOf)];
  }

  #flow(request: HttpRequest, client: Pick<ClientEnd, 'info' | 'signal' | 'session'>): Flow {
    this.#flows += 1;
    return new Flow({
      id: String(this.#flows),
      request,
      client: client.info,
      signal: () => client.signal,
      session: client.session,
      startedAt: request.startedAt,
    });
  }

  /** A CONNECT that is not intercepted, as a flow. */
  #tunnelFlow({ host, port, client, session, decidedBy }: Tunnel): Flow {
    const startedAt = this.#core.now();
    const request = new HttpRequest({ method: 'CONNECT', scheme: 'https', host, port, path: '', startedAt });
    const flow = this.#flow(request, { info: client, signal: new AbortController().signal, session });
    if (decidedBy !== undefined) flow.decidedBy = decidedBy;
    return flow;
  }
}
