import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import ts from 'typescript';

const ROOT = resolve(__dirname, '../..');

/** A throw-away folder of files for tests of the loader. */
export class Project {
  readonly folder = realpathSync(mkdtempSync(join(tmpdir(), 'replay-config-')));
  readonly cacheFolder = realpathSync(mkdtempSync(join(tmpdir(), 'replay-cache-')));

  constructor(files: Readonly<Record<string, string>> = {}) {
    this.write(files);
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  write(files: Readonly<Record<string, string>>): void {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(this.path(name)), { recursive: true });
      writeFileSync(this.path(name), text);
    }
  }

  files(): string[] {
    return readdirSync(this.folder, { recursive: true }).map(String).sort();
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
    rmSync(this.cacheFolder, { recursive: true, force: true });
  }

  /**
   * Runs `body` (an async function's, in JavaScript) in a process of its own without ts-node's hooks, with `loader`,
   * `defaultExport` and `running` in scope; gives what it returns. `build` is the folder of `buildLoader`.
   */
  run(build: string, body: string): unknown {
    const script = `
      const { ModuleLoader } = require(${JSON.stringify(join(build, 'src/config/module-loader.js'))});
      const { defaultExport } = require(${JSON.stringify(join(build, 'src/config/default-export.js'))});
      const running = { marker: 'running copy' };
      const cacheFolder = ${JSON.stringify(this.cacheFolder)};
      const loader = new ModuleLoader({ running, cacheFolder, cwd: ${JSON.stringify(this.folder)} });
      (async () => { ${body} })().then(
        (result) => console.log(JSON.stringify(result ?? null)),
        (error) => { console.error(error); process.exitCode = 1; },
      );`;
    const { stdout, stderr } = spawnSync(process.execPath, ['-e', script], {
      cwd: this.folder,
      encoding: 'utf8',
      env: { PATH: process.env['PATH'] },
    });
    assert.equal(stderr, '', 'no error and no warning');
    return JSON.parse(stdout.trim().split('\n').at(-1) ?? 'null');
  }
}

/** Compiles the loader to JavaScript below node_modules (where its packages are found); gives the folder, to be removed. */
export function buildLoader(): string {
  const cache = join(ROOT, 'node_modules/.cache');
  mkdirSync(cache, { recursive: true });
  const build = mkdtempSync(join(cache, 'loader-test-'));
  const compilerOptions = {
    module: ts.ModuleKind.Node20,
    target: ts.ScriptTarget.ES2023,
    esModuleInterop: true,
  };
  for (const file of [
    'errors.ts',
    ...readdirSync(join(ROOT, 'src/config')).map((name) => `config/${name}`),
  ]) {
    const source = join(ROOT, 'src', file);
    const { outputText } = ts.transpileModule(readFileSync(source, 'utf8'), {
      compilerOptions,
      fileName: source,
    });
    const target = join(build, 'src', file.replace(/\.ts$/, '.js'));
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, outputText);
  }
  return build;
}
