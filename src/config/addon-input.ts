/** Whether a config may list it as an addon. Deep enough to name what is wrong in the config; a file's own exports are judged when it is loaded. */
export function isAddonInput(value: unknown): boolean {
  if (typeof value === 'string') return value !== '';
  if (Array.isArray(value)) return value.every((one) => typeof one !== 'string' && isAddonInput(one));
  return typeof value === 'function' || (typeof value === 'object' && value !== null && 'apply' in value);
}
