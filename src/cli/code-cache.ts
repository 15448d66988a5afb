import { mkdirSync, statSync } from 'node:fs';
import Module from 'node:module';
import { dirname, join, sep } from 'node:path';
import { cacheKey } from '../config/compile-cache';
import { reasonToDistrust } from '../config/ownership';
import { readPrivateFile, writePrivateFile } from '../config/private-file';
import { KeptScripts } from './kept-scripts';

interface OneModule extends NodeJS.Module {
  /** Which module asked for it first. Nothing else tells. */
  readonly parent: NodeJS.Module | null | undefined;
}

/** Node's parts that its types for version 20 do not have, or that it does not document. */
interface Internals {
  /** From Node 22.1 on. */
  enableCompileCache?(folder: string): unknown;
  prototype: { _compile(this: OneModule, text: string, file: string, format?: string): unknown };
  wrapper: readonly [string, string];
  _extensions: NodeJS.RequireExtensions;
  _cache: NodeJS.Require['cache'];
  _resolveFilename(request: string, parent: NodeJS.Module, isMain: boolean, options?: object): string;
  _resolveLookupPaths(request: string, parent: NodeJS.Module): string[] | null;
}

/** Goes up with what a kept file looks like. */
const FORMAT = '1';
/** Characters from which a script is kept in a file of its own: the others are read at each start, and the compiler is seldom needed. */
const LARGE = 1024 * 1024;
/** Only Node itself can compile an `import()` that works; those in texts, types and behind a JSDoc tag are none. */
const IMPORT = /\bimport\s*\((?<!["'`]import\s*\(|typeof import\s*\(|\* @.*import\s*\()/;

/** What may be cached, and where. */
export interface CodeCacheOptions {
  readonly folder: string;
  /** The folder of our own modules. */
  readonly own: string;
  readonly uid: number | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/**
 * Keeps what V8 makes of our modules and those we depend on, which takes 15 to 30 ms of a start, for the next run. By Node itself from 22.1
 * on; before, by taking the place of the function that compiles CommonJS modules, for these modules only.
 * As in Node, `NODE_DISABLE_COMPILE_CACHE=1` turns it off, and so does the measuring of coverage, which V8 cannot do with it.
 */
export function keepCompiledCode({ folder, own, uid, env }: CodeCacheOptions): void {
  if (env['NODE_DISABLE_COMPILE_CACHE'] === '1' || env['NODE_V8_COVERAGE'] !== undefined) return;
  if (!isPrivate(folder, uid)) return;
  const internals = Module as unknown as Internals;
  if (internals.enableCompileCache) internals.enableCompileCache(folder);
  else keepScripts(internals, { folder, own, uid });
}

/** Whether nobody else can put files there: Node runs what it finds. The folder is made if need be, as Node would let all read it. */
function isPrivate(folder: string, uid: number | undefined): boolean {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch {
    return false;
  }
  // Who can write the folder above can put another in its place.
  return [folder, dirname(folder)].every((path) => reasonToDistrust(statSync(path), uid) === undefined);
}

function keepScripts(internals: Internals, { folder, own, uid }: Omit<CodeCacheOptions, 'env'>): void {
  const files = new Map<string, KeptScripts>();
  const fileFor = (...scripts: string[]) =>
    join(folder, `${cacheKey(FORMAT, process.version, process.arch, own, ...scripts).slice(0, 32)}.bin`);
  const shared = fileFor();
  const keptIn = (file: string) => {
    const kept = files.get(file) ?? new KeptScripts(readPrivateFile(file, uid));
    files.set(file, kept);
    return kept;
  };
  // Not those that addons ask for: Node may know them as ES modules, or have their source maps to read.
  const ours = new WeakSet<NodeJS.Module>();
  const isOurs = ({ parent }: OneModule, name: string) =>
    name.startsWith(join(own, sep)) || (parent ? ours.has(parent) : false);
  const compile = internals.prototype._compile;
  internals.prototype._compile = function (text, name, format) {
    if (!isOurs(this, name)) return compile.call(this, text, name, format);
    ours.add(this);
    if (format === 'module' || IMPORT.test(text)) return compile.call(this, text, name, format);
    const [before, after] = internals.wrapper;
    const whole = before + text.replace(/^#!.*/, '') + after;
    const kept = keptIn(text.length < LARGE ? shared : fileFor(name));
    const script = kept.compile(whole, { columnOffset: -before.length }, name);
    const run = script.runInThisContext() as (...args: unknown[]) => unknown;
    return run.call(this.exports, this.exports, requireOf(this, internals), this, name, dirname(name));
  };
  process.once('exit', () => {
    for (const [file, scripts] of files) {
      const content = scripts.toFile();
      if (content) writePrivateFile(file, content);
    }
  });
}

/** What a module calls `require`. */
function requireOf(module: NodeJS.Module, internals: Internals): NodeJS.Require {
  const resolve = (request: string, options?: object) =>
    internals._resolveFilename(request, module, false, options);
  return Object.assign((id: string): unknown => module.require(id), {
    resolve: Object.assign(resolve, {
      paths: (request: string) => internals._resolveLookupPaths(request, module),
    }),
    main: require.main,
    extensions: internals._extensions,
    cache: internals._cache,
  });
}
