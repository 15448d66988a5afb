import { readFileSync, realpathSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { ConfigError, reasonOf } from '../errors';
import { CompileCache } from './compile-cache';
import { Compiler } from './compiler';
import { Generation, type GenerationOptions, showSourceLines } from './generation';
import { importJavaScript, lacksOwnName, offerRunningCopy } from './native-import'; // late
import { isTypeScript } from './resolve-typescript';
import { displayPath, importPosition } from './source-position';
import { statIfThere } from './stat-if-there';
import { syntaxErrorIn } from './syntax-error'; // late

/** What a loader is told of its surroundings. */
export interface ModuleLoaderOptions {
  /** The exports of the running copy of this package: what `import … from 'replay-proxy'` gives in loaded files. */
  readonly running: unknown;
  /** Where compiled files are kept between runs; a folder that cannot be written keeps nothing, without complaint. */
  readonly cacheFolder: string;
  /** What relative paths, given or shown in messages, are relative to; the working directory by default. */
  readonly cwd?: string;
}

/**
 * Loads configs and addons: TypeScript through ts-node as a compiler, JavaScript as Node does, JSON as data. It writes
 * nothing beside them, patches no global, and treats CommonJS and `"type": "module"` folders alike.
 */
export class ModuleLoader {
  readonly #options: GenerationOptions;
  readonly #firstChange = new Map<string, number>();
  #generation: Generation;

  constructor({ running, cacheFolder, cwd = '' }: ModuleLoaderOptions) {
    const cache = new CompileCache(join(cacheFolder, 'compiled'), process.getuid?.());
    this.#options = { running, cwd, compiler: new Compiler(cache, cwd) };
    this.#generation = new Generation(this.#options);
  }

  /** From the next `load` on, files are read anew, siblings included; JavaScript files only if they changed themselves. */
  renew(): void {
    this.#generation = new Generation(this.#options);
  }

  /**
   * The exports of a file, see `defaultExport`. Files of one generation share what they import. What the file itself
   * throws comes out as it was thrown.
   *
   * @throws ConfigError when there is no such file, or it, or what it imports, cannot be found or parsed
   */
  async load(path: string): Promise<unknown> {
    const file = this.#find(path);
    if (isTypeScript(file) || file.endsWith('.json')) return this.#generation.load(file);
    if (/\.[mc]?js$/.test(file)) return this.#loadJavaScript(file);
    throw new ConfigError(
      `${displayPath(file, this.#options.cwd)}: cannot load this kind of file; use .ts, .mts, .cts, .js, .mjs, .cjs or .json`,
    );
  }

  #find(path: string): string {
    const file = resolve(this.#options.cwd, path);
    const stats = statIfThere(file);
    if (!stats) throw new ConfigError(`${displayPath(file, this.#options.cwd)}: no such file`);
    if (!stats.isFile()) throw new ConfigError(`${displayPath(file, this.#options.cwd)}: is not a file`);
    return realpathSync(file);
  }

  async #loadJavaScript(file: string): Promise<unknown> {
    const changed = statSync(file).mtimeMs;
    const first = this.#firstChange.get(file) ?? changed;
    this.#firstChange.set(file, first);
    const fresh = changed === first ? undefined : String(changed);
    showSourceLines();
    try {
      return await importJavaScript(file, fresh);
    } catch (error) {
      if (!lacksOwnName(error)) throw this.#explain(error, file);
      if (error.code === 'MODULE_NOT_FOUND') return this.#generation.load(file);
      offerRunningCopy(this.#options.running);
      // Node remembers the failure under the address without a mark
      return await importJavaScript(file, `${fresh ?? ''}+`);
    }
  }

  #explain(error: unknown, file: string): unknown {
    const { code = '' } = (error ?? {}) as NodeJS.ErrnoException;
    const text = readFileSync(file, 'utf8');
    const shown = displayPath(file, this.#options.cwd);
    if (error instanceof SyntaxError) return syntaxErrorIn(text, file, shown) ?? error;
    if (!/^(?:ERR_)?MODULE_NOT_FOUND$/.test(code)) return error;
    const reason = reasonOf(error).replace(/ Require stack:.*/s, '');
    const specifier = /'([^']*)'/.exec(reason)?.[1] ?? '';
    return new ConfigError(`${shown}${importPosition(text, specifier)}: ${reason}`, { cause: error });
  }
}
