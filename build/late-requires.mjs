// The second step of the build: what is imported with `// late` behind it, or exported from another module, is loaded when it is first used.
// A start waits for every file that is read and compiled, and most runs never use the greater part of them.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What TypeScript makes of `import { … } from '…'; // late`, and of `export { … } from '…'`. */
const REQUIRE =
  /^(?:const (\w+_\d+) = (require\("[^"]+"\)); \/\/ late|var (\w+_\d+) = (require\("[^"]+"\));)$/gm;

/** An export from another module. A getter that Node cannot read takes its name out of what ES modules can import by name. */
const GETTER =
  /^Object(?=\.defineProperty\(exports, "\w+", \{ enumerable: true, get: function \(\) \{ return \()/gm;

/**
 * The text of a CommonJS module as TypeScript wrote it, its lines where they were, with these `require` calls moved to where their results
 * are used.
 */
export function lateRequires(text) {
  const requires = new Map();
  const late = text.replace(REQUIRE, (line, imported, call, exported, itsCall) => {
    requires.set(imported ?? exported, call ?? itsCall);
    return `var ${imported ?? exported};`;
  });
  return late
    .replace(/\b(\w+_\d+)\./g, (use, name) =>
      requires.has(name) ? `(${name} ??= ${requires.get(name)}).` : use,
    )
    .replace(GETTER, 'Reflect');
}

/** What can be asked for by our own name, below dist. */
const BY_NAME = { 'replay-proxy': 'src/index.js', 'replay-proxy/package.json': '../package.json' };

/** The text of a module in `folder`, with our own files by their full names: Node looks for others first, which takes longer than to read one. */
export function fullNames(text, folder, dist) {
  return text.replace(/\brequire\((["'])(\.[^"']+|replay-proxy[^"']*)\1\)/g, (call, _quote, name) => {
    const file = BY_NAME[name]
      ? relative(folder, join(dist, BY_NAME[name])).split(sep).join('/')
      : [`${name}.js`, `${name}/index.js`].find((one) => existsSync(join(folder, one)));
    return file === undefined ? call : `require(${JSON.stringify(file)})`;
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const dist = join(dirname(process.argv[1]), '..', 'dist');
  for (const name of readdirSync(dist, { recursive: true }).filter((name) => name.endsWith('.js'))) {
    const file = join(dist, name);
    const before = readFileSync(file, 'utf8');
    const text = fullNames(lateRequires(before), dirname(file), dist);
    // Run anew, the compiler leaves what has not changed.
    if (text !== before) writeFileSync(file, text);
  }
}
