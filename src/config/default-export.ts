import { types } from 'node:util';

interface DefaultExport {
  readonly default?: unknown;
  readonly __esModule?: unknown;
}

/**
 * What a loaded module means by `export default`, however it was written: an ES module, TypeScript or Babel output
 * (`__esModule`), or plain CommonJS (`module.exports`, `export =`). undefined when an ES module has no default export.
 */
export function defaultExport(exports: unknown): unknown {
  if (!isObject(exports)) return exports;
  if (!types.isModuleNamespaceObject(exports)) return exports.__esModule ? exports.default : exports;
  const inner = exports.default;
  return isObject(inner) && inner.__esModule && 'default' in inner ? inner.default : inner;
}

/** What `import()` of a module loaded as CommonJS gives: always an object with a `default`. */
export function asNamespace(exports: unknown): unknown {
  if (isObject(exports) && exports.__esModule) return exports;
  return { ...(isObject(exports) ? exports : {}), default: exports };
}

function isObject(value: unknown): value is DefaultExport {
  return (typeof value === 'object' || typeof value === 'function') && value !== null;
}
