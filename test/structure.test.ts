import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';

const ROOT = resolve(__dirname, '..');

/** Which folders a folder's files may import from, beside themselves; `*` is any. */
const MAY_IMPORT: Record<string, string[]> = {
  'src/http': ['src/errors'],
  'src/facets': ['src/http', 'src/errors', 'type:src/recording'],
  'src/miss': ['src/escape-controls', 'src/shell-quote', 'type:src/recording'],
  'src/recording': ['src/http', 'src/errors', 'src/version'],
  'src/redaction': ['src/http', 'src/facets', 'src/errors', 'type:src/recording', 'src/miss'],
  'src/lint': [
    'src/http',
    'src/facets',
    'src/errors',
    'src/shell-quote',
    'src/escape-controls',
    'type:src/recording',
  ],
  'src/core': ['src/http', 'src/errors', 'type:src/recording', 'type:src/miss'],
  'src/transport': ['src/http', 'src/errors', 'type:src/core'],
  'src/config': ['*'],
  'src/cli': ['*'],
  addons: [],
  examples: [],
};

function sources(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => join(folder, file));
}

function imports(file: string): { from: string; typeOnly: boolean }[] {
  const text = readFileSync(join(ROOT, file), 'utf8');
  const statements = text.matchAll(
    /^(?:import|export) (type )?[^;]*?from '([^']+)';|\b(?:import|require)\('([^']+)'\)/gms,
  );
  return [...statements].map(([, type, named, called]) => ({
    from: (named ?? called)!,
    typeOnly: type !== undefined,
  }));
}

const files = ['src', 'addons', 'examples'].flatMap(sources);

describe('the structure of the house', () => {
  for (const [folder, allowed] of Object.entries(MAY_IMPORT)) {
    it(`${folder} imports only what it may`, () => {
      for (const file of files.filter((name) => name.startsWith(`${folder}/`))) {
        for (const { from, typeOnly } of imports(file)) {
          if (!from.startsWith('.')) continue;
          const target = relative(ROOT, resolve(ROOT, dirname(file), from));
          const inside = folder === 'addons' ? ownFolder(file, target) : target.startsWith(`${folder}/`);
          const may = allowed.some((rule) => {
            const place = typeOnly ? rule.replace(/^type:/, '') : rule;
            return rule === '*' || target === place || target.startsWith(`${place}/`);
          });
          assert.ok(inside || may, `${file} imports ${target}`);
        }
      }
    });
  }

  it('only the listener knows http-mitm-proxy', () => {
    const users = files.filter((file) => imports(file).some(({ from }) => from === 'http-mitm-proxy'));
    assert.deepEqual(users, ['src/transport/listener.ts']);
  });

  it('every source has its test at the mirrored path', () => {
    const untested = files
      .filter((file) => !file.endsWith('index.ts') && !file.endsWith('.d.ts') && !isOnlyTypes(file))
      .filter(
        (file) => !existsSync(join(ROOT, 'test', file.replace(/^src\//, '').replace(/\.ts$/, '.test.ts'))),
      );
    assert.deepEqual(untested, []);
  });

  it('no source is longer than 250 lines', () => {
    const lines = (file: string) => readFileSync(join(ROOT, file), 'utf8').split('\n').length;
    assert.deepEqual(
      files.filter((file) => lines(file) > 251),
      [],
    );
  });
});

/** An addon of several files keeps them in a folder of its own, and imports only these. */
function ownFolder(file: string, target: string): boolean {
  const [, own] = file.split('/');
  return file.split('/').length > 2 && target.startsWith(`addons/${own}/`);
}

function isOnlyTypes(file: string): boolean {
  const text = readFileSync(join(ROOT, file), 'utf8').replace(/\/\*[\s\S]*?\*\//g, '');
  return !/^(?:export )?(?:async )?(?:function|class|const|let|default)\b|^export default/m.test(text);
}
