/** Creates, or finds, the hooks that an addon offers on a proxy. */
export type HooksOf<H> = (proxy: object) => H;

/**
 * The hooks that the addon `name` offers to others, `(proxy) => hooks`. They live on the proxy itself, under a shared symbol, so that
 * two installed copies of a package see the same ones, and exist from the first look on, whether the addon is applied or not.
 */
export function addonHooks<H extends object>(name: string, create: () => H): HooksOf<H> {
  const slot = Symbol.for(`replay-proxy.hooks.${name}`);
  return (proxy) => {
    const slots = proxy as Record<symbol, H | undefined>;
    return (slots[slot] ??= create());
  };
}
