// What is imported with `// late` behind it, or exported from another module, is loaded when it is first used: a start waits for every file
// that is read and compiled, and most runs never use the greater part of them.
import { existsSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

/** What TypeScript makes of `import { … } from '…'; // late`, and of `export { … } from '…'`. */
const REQUIRE =
  /^(?:const (\w+_\d+) = (require\("[^"]+"\)); \/\/ late|var (\w+_\d+) = (require\("[^"]+"\));)$/gm;

/** An export from another module. A getter that Node cannot read takes its name out of what ES modules can import by name. */
const GETTER =
  /^Object(?=\.defineProperty\(exports, "\w+", \{ enumerable: true, get: function \(\) \{ return \(\w+\(\)\))/gm;

/**
 * The text of a CommonJS module as TypeScript wrote it, its lines where they were, with these `require` calls made when their results are
 * first used. They stay in the scope of the module: a function may call something else `require`.
 */
export function lateRequires(text) {
  const names = new Set();
  const late = text.replace(REQUIRE, (line, imported, call, exported, itsCall) => {
    const name = imported ?? exported;
    names.add(name);
    return `var ${name}_; function ${name}() { return (${name}_ ??= ${call ?? itsCall}); }`;
  });
  return late
    .replace(/\b(\w+_\d+)\./g, (use, name) => (names.has(name) ? `(${name}()).` : use))
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
