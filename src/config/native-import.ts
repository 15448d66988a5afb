import Module, { createRequire, register } from 'node:module';
import { pathToFileURL } from 'node:url';

/** The name by which addons import this package: it always means the copy that is running. */
export const OWN_NAME = 'replay-proxy';

type NativeImport = (specifier: string, options?: ImportCallOptions) => Promise<unknown>;

const RUNNING = Symbol.for('replay-proxy.running');
const runningCopy = globalThis as { [RUNNING]?: unknown };

/** Node's own `import()`, as if called in `file`. */
export function importFrom(file: string): NativeImport {
  // a module of its own rather than node:vm, whose equivalent prints an experimental warning
  const bridge = new Module(file) as NodeJS.Module & { _compile(code: string, file: string): void };
  bridge._compile('module.exports = (specifier, options) => import(specifier, options);', file);
  return bridge.exports as NativeImport;
}

/** Imports a JavaScript file natively; `fresh` (any text not used before) evaluates it anew. */
export async function importJavaScript(file: string, fresh?: string): Promise<unknown> {
  const url = pathToFileURL(file);
  if (fresh !== undefined) {
    url.searchParams.set('fresh', fresh);
    delete createRequire(file).cache[file];
  }
  return (await import(url.href)) as unknown;
}

/** Whether an import failed since the importing file's folder has no copy of this package. */
export function lacksOwnName(error: unknown): error is NodeJS.ErrnoException {
  return (
    error instanceof Error &&
    /^(?:ERR_)?MODULE_NOT_FOUND$/.test((error as NodeJS.ErrnoException).code ?? '') &&
    new RegExp(`^Cannot find (?:package|module) '${OWN_NAME}'`).test(error.message)
  );
}

/**
 * From now on, an ES module that finds no copy of this package gets the running one (`exports`): the one hook that this
 * process gets, and only when an addon needs it.
 */
export function offerRunningCopy(exports: unknown): void {
  const installed = RUNNING in runningCopy;
  runningCopy[RUNNING] = exports;
  if (!installed) register(dataUrl(hookSource(Object.keys(exports as object))));
}

function hookSource(names: readonly string[]): string {
  const exported = names.filter(
    (name) => /^[\w$]+$/.test(name) && name !== 'default' && name !== '__esModule',
  );
  const module = [
    `const running = globalThis[Symbol.for('${RUNNING.description}')];`,
    'export default running;',
    ...exported.map((name, index) => `const _${index} = running.${name}; export { _${index} as ${name} };`),
  ].join('\n');
  return `export async function resolve(specifier, context, next) {
    try { return await next(specifier, context); }
    catch (error) {
      if (specifier !== '${OWN_NAME}' || error.code !== 'ERR_MODULE_NOT_FOUND') throw error;
      return { url: ${JSON.stringify(dataUrl(module))}, format: 'module', shortCircuit: true };
    }
  }`;
}

function dataUrl(source: string): string {
  return `data:text/javascript,${encodeURIComponent(source)}`;
}
