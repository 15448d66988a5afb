import { facetName } from './facets';
import type { JsonTree } from './json-tree';

/**
 * A tree as JSON text, its scalars as `change` makes them: it gets the name of the leaf's facet and its source, and returns source. What it
 * leaves is the same to the digit; white space is gone, and of equal keys the last one is there.
 */
export function rewriteJson(
  tree: JsonTree,
  root: string,
  change: (name: string, source: string) => string,
): string {
  const write = (node: JsonTree, name: string): string => {
    if (typeof node === 'string') return change(name, node);
    const members = [...node.entries()].map(
      ([key, member]) => [key, write(member, facetName(name, String(key)))] as const,
    );
    if (Array.isArray(node)) return `[${members.map(([, text]) => text).join(',')}]`;
    return `{${members.map(([key, text]) => `${JSON.stringify(String(key))}:${text}`).join(',')}}`;
  };
  return write(tree, root);
}
