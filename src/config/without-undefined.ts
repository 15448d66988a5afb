/** A copy of a config without the keys whose value is undefined, those of its sections included. */
export function withoutUndefined(values: object): object {
  const isSection = (value: unknown): value is object =>
    Object.getPrototypeOf(value ?? 0) === Object.prototype;
  return Object.fromEntries(
    Object.entries(values)
      .filter(([, value]) => value !== undefined)
      .map(([key, value]: [string, unknown]) => [key, isSection(value) ? withoutUndefined(value) : value]),
  );
}
