import assert from 'node:assert/strict';
import ts from 'typescript';
import { commonJsTransformer } from '../../src/config/commonjs-transformer';

describe('commonJsTransformer', () => {
  const where = (source: ts.SourceFile, node: ts.Node) => {
    const { line, character } = source.getLineAndCharacterOfPosition(node.getStart(source));
    return `${source.fileName}:${line + 1}:${character + 1}`;
  };
  const transform = (text: string): string =>
    ts.transpileModule(text, {
      fileName: 'mine.ts',
      compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2023 },
      transformers: { before: [commonJsTransformer(ts, where)] },
    }).outputText;

  const awaits = {
    'await work();': '1:1',
    'export const a =\n  await work();': '2:3',
    'if (x) { await work(); }': '1:10',
    'for await (const a of list) {}': '1:1',
    'await using a = open();': '1:1',
    'class A extends (await base()) {}': '1:18',
  };
  for (const [text, place] of Object.entries(awaits)) {
    it(`refuses top-level await: ${JSON.stringify(text)}`, () => {
      assert.throws(() => transform(text), {
        name: 'ConfigError',
        message: new RegExp(`^mine\\.ts:${place}: top-level await is not supported here; `),
      });
    });
  }

  it('leaves await inside functions and methods', () => {
    const text =
      'async function f() { await 1; for await (const x of y) {} }\nclass A { async m() { await 2; } }';
    assert.equal(transform(text).match(/await/g)?.length, 3);
  });

  it('turns import.meta into CommonJS, inside functions too', () => {
    const output = transform(
      'const a = import.meta.url; const f = () => [import.meta.dirname, import.meta.filename];',
    );
    assert.match(output, /a = module\.url;/);
    assert.match(output, /\[__dirname, __filename\]/);
  });

  it('refuses the rest of import.meta', () => {
    assert.throws(
      () => transform('import.meta.resolve("x")'),
      /^ConfigError: mine\.ts:1:1: import\.meta\.resolve is not/,
    );
    assert.throws(() => transform('use(import.meta)'), /^ConfigError: mine\.ts:1:5: only import\.meta\.url/);
  });

  it('hands dynamic imports to the loader', () => {
    assert.match(
      transform('const f = () => import(`./${name}`);'),
      /module\.dynamicImport\(`\.\/\$\{name\}`\)/,
    );
  });
});
