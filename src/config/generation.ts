import { readFileSync, realpathSync } from 'node:fs';
import Module, { createRequire } from 'node:module';
import { dirname, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { ConfigError } from '../errors';
import type { Compiler } from './compiler';
import { asNamespace } from './default-export';
import { importError } from './import-error'; // late
import { importFrom, OWN_NAME } from './native-import';
import { isPath, isTypeScript, resolveTypeScript } from './resolve-typescript';
import { displayPath } from './source-position';
import { syntaxErrorIn } from './syntax-error'; // late
import { tsConfigFiles, type TsConfigFile } from './tsconfig';

/** Node's module object with its undocumented parts, and the two that compiled code calls (see commonJsTransformer). */
interface OwnModule extends NodeJS.Module {
  _compile(code: string, file: string): void;
  url: string;
  dynamicImport(specifier: unknown, options?: ImportCallOptions): Promise<unknown>;
}
const { _nodeModulePaths } = Module as unknown as { _nodeModulePaths(folder: string): string[] };

/** What the modules of a generation share. */
export interface GenerationOptions {
  readonly compiler: Compiler;
  /** The exports of the running copy of this package. */
  readonly running: unknown;
  readonly cwd: string;
}

/**
 * Modules that were read at the same time and know each other: each file once, none in Node's module cache, so the whole
 * is garbage when nobody uses it any more. A generation reads TypeScript, JSON and CommonJS; all else is Node's.
 */
export class Generation {
  readonly #options: GenerationOptions;
  readonly #seats = new Map<string, OwnModule>();
  readonly #tsConfigs = new Map<string, TsConfigFile[]>();

  constructor(options: GenerationOptions) {
    this.#options = options;
  }

  /**
   * The exports of a file (an absolute path). What the file itself throws comes out as it was thrown.
   *
   * @throws ConfigError when it or a file that it imports cannot be parsed or found
   */
  load(path: string): unknown {
    const file = realpathSync(path);
    const seat = this.#seats.get(file);
    if (seat) return seat.exports;
    const text = readFileSync(file, 'utf8').replace(/^\uFEFF/, '');
    const module = this.#createModule(file, text);
    // taken before the code runs: a cycle of imports finds what there is so far, as in Node
    this.#seats.set(file, module);
    try {
      this.#run(module, file, text);
    } catch (error) {
      this.#seats.delete(file);
      throw error;
    }
    module.loaded = true;
    return module.exports;
  }

  #createModule(file: string, text: string): OwnModule {
    const module = new Module(file) as OwnModule;
    module.filename = file;
    module.paths = _nodeModulePaths(dirname(file));
    module.url = pathToFileURL(file).href;
    module.require = (specifier: string) => this.#require(specifier, file, text);
    module.dynamicImport = async (specifier, options) => this.#import(String(specifier), file, options);
    return module;
  }

  #run(module: OwnModule, file: string, text: string): void {
    if (file.endsWith('.json')) {
      module.exports = this.#parseJson(text, file);
      return;
    }
    const code = isTypeScript(file) ? this.#compile(text, file) : text;
    showSourceLines();
    module._compile(code, file);
  }

  #compile(text: string, file: string): string {
    const folder = dirname(file);
    const tsConfig = this.#tsConfigs.get(folder) ?? tsConfigFiles(folder);
    this.#tsConfigs.set(folder, tsConfig);
    return this.#options.compiler.compile(text, file, tsConfig);
  }

  #parseJson(text: string, file: string): unknown {
    try {
      return JSON.parse(text);
    } catch (error) {
      const shown = displayPath(file, this.#options.cwd);
      throw syntaxErrorIn(text, file, shown) ?? new ConfigError(`${shown}: ${(error as Error).message}`);
    }
  }

  #require(specifier: string, file: string, text: string): unknown {
    if (specifier === OWN_NAME) return this.#options.running;
    const source = isPath(specifier) ? resolveTypeScript(specifier, file) : undefined;
    if (source !== undefined) return this.load(source);
    const require = createRequire(file);
    let ours: boolean;
    try {
      ours = isOurs(require.resolve(specifier), isPath(specifier));
    } catch (error) {
      throw importError(error, specifier, text, displayPath(file, this.#options.cwd));
    }
    if (ours) return this.load(require.resolve(specifier));
    try {
      return require(specifier) as unknown;
    } catch (error) {
      throw importError(error, specifier, text, displayPath(file, this.#options.cwd));
    }
  }

  async #import(specifier: string, file: string, options: ImportCallOptions | undefined): Promise<unknown> {
    if (specifier === OWN_NAME) return this.#options.running;
    const path = specifier.startsWith('file:') ? fileURLToPath(specifier) : specifier;
    const source = isPath(path) ? resolveTypeScript(path, file) : undefined;
    if (source !== undefined) return asNamespace(this.load(source));
    return importFrom(file)(specifier, options);
  }
}

/**
 * From now on, errors thrown in taps name lines of the source. Only files that are loaded later are affected, and it takes Node 25 ms to
 * look through the compiler for its source map: not before that is loaded.
 */
export function showSourceLines(): void {
  process.setSourceMapsEnabled(true);
}

/** Data beside the code is read anew with it; TypeScript of a linked package (not an installed one) is compiled. */
function isOurs(resolved: string, byPath: boolean): boolean {
  if (resolved.includes(`${sep}node_modules${sep}`)) return false;
  return isTypeScript(resolved) || (byPath && resolved.endsWith('.json'));
}
