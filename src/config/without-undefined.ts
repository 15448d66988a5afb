/** A copy of a config, its lists included, without the keys whose value is undefined, those of its sections included. */
export function withoutUndefined(values: object): object {
  return Object.fromEntries(
    Object.entries(values)
      .filter(([, value]) => value !== undefined)
      .map(([key, value]: [string, unknown]) => [key, copyOf(value)]),
  );
}

function copyOf(value: unknown): unknown {
  if (Array.isArray(value)) return [...(value as unknown[])];
  return Object.getPrototypeOf(value ?? 0) === Object.prototype ? withoutUndefined(value as object) : value;
}
