import { createRequire } from 'node:module';
import type * as TsNode from 'ts-node';
import type * as TypeScript from 'typescript';
import { cacheKey, type CompileCache } from './compile-cache';
import { commonJsTransformer } from './commonjs-transformer'; // late
import { displayPath, lineAndColumn } from './source-position';
import { diagnosticError } from './syntax-error'; // late
import { createService } from './ts-node-service'; // late
import { emitOptions, type EmitOptions, type TsConfigFile } from './tsconfig';

/** Raised when the output for the same input changes: it is part of every cache key. */
const OUTPUT_VERSION = '1';
const COMPILER_OPTIONS = {
  module: 'commonjs',
  moduleResolution: 'bundler',
  moduleDetection: 'force',
  target: 'es2023',
  lib: ['es2023'],
  types: [],
  esModuleInterop: true,
  jsx: 'react-jsx',
} as const;

/**
 * TypeScript to CommonJS with an inline source map, one file at a time; types are not checked, that is the editor's
 * work. `typescript` and `ts-node` (300 ms) load with the first file that the cache does not hold.
 */
export class Compiler {
  readonly #cache: CompileCache;
  readonly #cwd: string;
  readonly #services = new Map<string, TsNode.Service>();
  #compiling = '';

  /** Messages name files relative to `cwd`. */
  constructor(cache: CompileCache, cwd: string) {
    this.#cache = cache;
    this.#cwd = cwd;
  }

  /** @throws ConfigError naming file, line and column of a syntax error, top-level await or unsupported import.meta */
  compile(text: string, file: string, tsConfig: readonly TsConfigFile[]): string {
    const { version } = createRequire(__filename)('typescript/package.json') as { version: string };
    const options = JSON.stringify([COMPILER_OPTIONS, tsConfig]);
    const key = cacheKey(OUTPUT_VERSION, process.versions.modules, version, options, file, text);
    const cached = this.#cache.read(file, key);
    if (cached !== undefined) return cached;
    const output = this.#compile(text, file, tsConfig);
    this.#cache.write(file, key, output);
    return output;
  }

  #compile(text: string, file: string, tsConfig: readonly TsConfigFile[]): string {
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- loading takes 200 ms: not before it is needed
    const ts = require('typescript') as typeof TypeScript;
    const service = this.#service(ts, emitOptions(ts, tsConfig));
    // the compiler makes an ES module of .mts, whatever the options say
    const alias = file.replace(/\.mts$/, '.ts');
    this.#compiling = file;
    try {
      const output = service.compile(text, alias);
      return alias === file ? output : nameSource(output, file);
    } catch (error) {
      const [first] = (error as Partial<TsNode.TSError>).diagnostics ?? [];
      throw first ? diagnosticError(ts, first, text, displayPath(file, this.#cwd)) : error;
    }
  }

  #service(ts: typeof TypeScript, emit: EmitOptions): TsNode.Service {
    const key = JSON.stringify(emit);
    let service = this.#services.get(key);
    if (!service) {
      const where = (source: TypeScript.SourceFile, node: TypeScript.Node) =>
        `${displayPath(this.#compiling, this.#cwd)}:${lineAndColumn(source.text, node.getStart(source))}`;
      service = createService({ ...COMPILER_OPTIONS, ...emit }, commonJsTransformer(ts, where));
      this.#services.set(key, service);
    }
    return service;
  }
}

function nameSource(output: string, file: string): string {
  const marker = ';base64,';
  const at = output.lastIndexOf(marker) + marker.length;
  const map = JSON.parse(Buffer.from(output.slice(at), 'base64').toString('utf8')) as object;
  const named = JSON.stringify({ ...map, file, sources: [file] });
  return output.slice(0, at) + Buffer.from(named).toString('base64');
}
