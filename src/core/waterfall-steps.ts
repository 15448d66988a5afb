/** What one tap made of the value that a waterfall hook passes along. */
export interface WaterfallStep<T> {
  /** The tap's name. */
  readonly by: string;
  readonly before: T;
  readonly after: T;
}

/**
 * Calls the taps of a synchronous waterfall hook as the hook itself does, and tells what each returned: where it matters who changed the
 * value. `copy` keeps what a tap gets from being changed in place by it.
 */
export function waterfallSteps<T>(
  hook: { readonly taps: readonly { readonly name: string; readonly fn: unknown }[] },
  value: T,
  rest: readonly unknown[],
  copy: (value: T) => T = (same) => same,
): WaterfallStep<T>[] {
  let current = value;
  return hook.taps.map(({ name, fn }) => {
    const before = copy(current);
    const returned = (fn as (...args: unknown[]) => T | undefined)(current, ...rest);
    if (returned !== undefined) current = returned;
    return { by: name, before, after: copy(current) };
  });
}
