import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ModuleKind, ScriptTarget, transpileModule } from 'typescript';
import { lateRequires } from '../../build/late-requires.mjs';

const ROOT = path.resolve(__dirname, '../..');

let copy: string | undefined;

/**
 * A second copy of the package as JavaScript, in a folder that goes with the test run: for child processes that must start fast,
 * and for what two installed copies do to each other. `require()` its `dist/src`.
 */
export function compiledCopy(): string {
  if (copy !== undefined) return copy;
  const folder = mkdtempSync(path.join(tmpdir(), 'replay-proxy-copy-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const { name, version } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as {
    name: string;
    version: string;
  };
  const exports = { '.': './dist/src/index.js', './package.json': './package.json' };
  writeFileSync(path.join(folder, 'package.json'), JSON.stringify({ name, version, exports }));
  symlinkSync(path.join(ROOT, 'node_modules'), path.join(folder, 'node_modules'), 'junction');
  for (const tree of ['src', 'addons']) {
    for (const source of readdirSync(path.join(ROOT, tree), { recursive: true, encoding: 'utf8' })) {
      if (!source.endsWith('.ts')) continue;
      const { outputText } = transpileModule(readFileSync(path.join(ROOT, tree, source), 'utf8'), {
        compilerOptions: { module: ModuleKind.Node20, target: ScriptTarget.ES2023 },
      });
      const file = path.join(folder, 'dist', tree, source.replace(/ts$/, 'js'));
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(file, lateRequires(outputText));
    }
  }
  return (copy = folder);
}
