import { facetName } from '../facets/facets';

/** Sees one value; `key` is what it is called, `name` gives its facet's name and is to be asked before the visit ends. */
export type Visit = (value: string, key: string, name: () => string) => void;

/** What lies deeper is not looked at; bodies that deep are not compared by their parts. */
const DEEPEST = 500;

/**
 * Visits the scalars of a JSON text, strings without their quotes; a value in a list is called as the list. False when the text is no JSON.
 * Facets' names are made only for those who ask: recordings have millions of values.
 */
export function visitJson(text: string, root: string, visit: Visit): boolean {
  let tree: unknown;
  try {
    tree = JSON.parse(text);
  } catch {
    return false;
  }
  const path: string[] = [];
  const name = () => path.reduce(facetName, root);
  const walk = (node: unknown, key: string) => {
    if (typeof node !== 'object' || node === null) return visit(String(node), key, name);
    if (path.length === DEEPEST) return;
    if (Array.isArray(node)) {
      for (let i = 0; i < node.length; i += 1) step(String(i), node[i], key);
    } else {
      for (const [member, value] of Object.entries(node)) step(member, value, member);
    }
  };
  const step = (segment: string, node: unknown, key: string) => {
    path.push(segment);
    walk(node, key);
    path.pop();
  };
  walk(tree, '');
  return true;
}
