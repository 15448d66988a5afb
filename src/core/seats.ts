import { ConfigError, reasonOf } from '../errors';
import { type Addon, type AddonInput, addonsOf } from './addon';

/** The addons of a proxy: one for each name, in the order in which the names came up. */
export class Seats<P> {
  readonly #seats = new Map<string, { addon: Addon<P>; replaced?: Addon<P> }>();
  #applying: string | undefined;
  #applied = false;
  /** Changes of options wait for those before them: each is a patch on what these leave. */
  #changes: Promise<void> = Promise.resolve();

  /**
   * Seats addons; one with the name of an earlier one takes its seat.
   * @throws ConfigError for what is no addon, and once the addons are applied.
   */
  use(addons: AddonInput<P>): void {
    for (const addon of addonsOf(addons, undefined, this.#seats.keys())) {
      if (this.#applied) throw new ConfigError(`addon ${addon.name} comes too late: use() it before start()`);
      const before = this.#seats.get(addon.name)?.addon;
      this.#seats.set(addon.name, before ? { addon, replaced: before } : { addon });
    }
  }

  /** The addons, in the order in which they are applied. */
  get addons(): readonly Addon<P>[] {
    return [...this.#seats.values()].map(({ addon }) => addon);
  }

  /** The addon whose `apply` is running. */
  get applying(): string | undefined {
    return this.#applying;
  }

  /**
   * Applies every addon to `proxy`, in order, the first time that it is called; the one whose seat an addon took is handed to it.
   * @throws ConfigError naming the addon whose `apply` threw.
   */
  apply(proxy: P): void {
    if (this.#applied) return;
    this.#applied = true;
    for (const { addon, replaced } of this.#seats.values()) {
      this.#applying = addon.name;
      try {
        addon.apply(proxy, replaced);
      } catch (error) {
        throw new ConfigError(`addon ${addon.name}: apply() threw: ${reasonOf(error)}`, { cause: error });
      } finally {
        this.#applying = undefined;
      }
    }
  }

  /**
   * Changes options of the addon `name`: checked whole, then applied whole.
   * @throws ConfigError for an unknown addon, one without options, or values that do not fit.
   */
  async configure(name: string, patch: Readonly<Record<string, unknown>>): Promise<void> {
    const addon = this.#seats.get(name)?.addon;
    if (!addon)
      throw new ConfigError(`no addon is named ${name}; there are ${[...this.#seats.keys()].join(', ')}`);
    if (!addon.options || !addon.configure)
      throw new ConfigError(`addon ${name} has no options that can be changed`);
    const change = this.#changes.then(() => reconfigure(addon, patch));
    this.#changes = change.catch(() => {});
    await change;
  }
}

async function reconfigure<P>(addon: Addon<P>, patch: Readonly<Record<string, unknown>>): Promise<void> {
  let values: unknown;
  try {
    values = addon.options?.schema.parse({ ...(addon.options.values as object), ...patch });
  } catch (error) {
    throw new ConfigError(`addon ${addon.name}: ${reasonOf(error)}`, { cause: error });
  }
  await addon.configure?.(values as never);
}
