import { EventEmitter } from 'node:events';
import { createRequire } from 'node:module';
import type * as TsNode from 'ts-node';
import type * as TypeScript from 'typescript';

/** What `node:domain` replaces when it is loaded (ts-node loads it, by way of `node:repl`); it slows every emitter. */
const PATCHED: readonly (readonly [object: object, key: string])[] = [
  [EventEmitter, 'init'],
  [EventEmitter, 'usingDomains'],
  [EventEmitter.prototype, 'emit'],
  [process, 'emit'],
];

/**
 * A ts-node compiler for one file at a time. It reads no tsconfig itself, registers nothing and leaves no patch behind;
 * `transformer` works on the source before TypeScript does. Loading takes 100 ms, `typescript` not counted.
 */
export function createService(
  compilerOptions: object,
  transformer: TypeScript.TransformerFactory<TypeScript.SourceFile>,
): TsNode.Service {
  return unpatched(() => {
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- late: most runs find their files compiled
    const { create } = require('ts-node') as typeof TsNode;
    const installedBefore = Error.prepareStackTrace;
    const service = create({
      transpileOnly: true,
      typeCheck: false,
      skipProject: true,
      logError: false,
      pretty: false,
      compiler: require.resolve('typescript'),
      compilerOptions,
      transformers: { before: [transformer] },
    });
    // `create` puts in a stack trace hook that knows nothing of cached files; one that was there already is not ours
    if (Error.prepareStackTrace !== installedBefore) uninstallSourceMapSupport();
    return service;
  });
}

function uninstallSourceMapSupport(): void {
  const load = createRequire(require.resolve('ts-node'));
  const support = load('@cspotcode/source-map-support') as { uninstall(): void };
  support.uninstall();
}

function unpatched<T>(work: () => T): T {
  const before = PATCHED.map(([object, key]) => Object.getOwnPropertyDescriptor(object, key));
  try {
    return work();
  } finally {
    PATCHED.forEach(([object, key], index) => {
      const descriptor = before[index];
      if (descriptor) Object.defineProperty(object, key, descriptor);
      else Reflect.deleteProperty(object, key);
    });
  }
}
