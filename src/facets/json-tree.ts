import { type Facet, facetName } from './facets';

/** A JSON value whose scalars are their source text, so that `1`, `1.0` and `"1"` stay three things. */
export type JsonTree = string | readonly JsonTree[] | ReadonlyMap<string, JsonTree>;

const DEEPEST = 500;
/** Characters of all leaves' names together; nested long keys would multiply. */
const MOST_NAMES = 32 * 1024 * 1024;
const SPACE = /[ \t\n\r]*/y;
// eslint-disable-next-line no-control-regex -- what RFC 8259 §7 keeps out of strings
const PLAIN_STRING = /"[^"\\\x00-\x1f]*"/y;
const SCALAR = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;

/**
 * Reads JSON (RFC 8259); undefined if it is none, or nested deeper than 500. Of equal keys the last one counts, and `equalKey` is called.
 * Never throws.
 */
export function parseJson(text: string, equalKey?: () => void): JsonTree | undefined {
  let at = 0;

  const space = () => {
    SPACE.lastIndex = at;
    SPACE.test(text);
    at = SPACE.lastIndex;
  };
  const take = (character: string): boolean => {
    if (text.charCodeAt(at) <= 0x20) space();
    if (text[at] !== character) return false;
    at += 1;
    return true;
  };
  const expect = (character: string) => {
    if (!take(character)) throw new SyntaxError(character);
  };
  const string = (): string => {
    const start = at;
    PLAIN_STRING.lastIndex = at;
    if (PLAIN_STRING.test(text)) {
      at = PLAIN_STRING.lastIndex;
      return text.slice(start, at);
    }
    for (at += 1; text[at] !== '"'; at += 1) {
      if (text[at] === '\\') at += 1;
      if (at >= text.length) throw new SyntaxError('string');
    }
    at += 1;
    return JSON.stringify(JSON.parse(text.slice(start, at)));
  };
  const value = (depth: number): JsonTree => {
    if (depth > DEEPEST) throw new RangeError('depth');
    space();
    if (text[at] === '"') return string();
    if (take('[')) {
      const items: JsonTree[] = [];
      if (take(']')) return items;
      do items.push(value(depth + 1));
      while (take(','));
      expect(']');
      return items;
    }
    if (take('{')) {
      const members = new Map<string, JsonTree>();
      if (take('}')) return members;
      do {
        space();
        if (text[at] !== '"') throw new SyntaxError('key');
        const source = string();
        const key = source.includes('\\') ? (JSON.parse(source) as string) : source.slice(1, -1);
        expect(':');
        if (members.has(key)) equalKey?.();
        members.set(key, value(depth + 1));
      } while (take(','));
      expect('}');
      return members;
    }
    SCALAR.lastIndex = at;
    const scalar = SCALAR.exec(text)?.[0];
    if (scalar === undefined) throw new SyntaxError('value');
    at += scalar.length;
    return scalar;
  };

  try {
    const tree = value(0);
    space();
    return at === text.length ? tree : undefined;
  } catch {
    return undefined;
  }
}

/** One text for a tree, whatever the order of its keys; equal exactly where the leaves are. */
export function canonicalJson(tree: JsonTree): string {
  if (typeof tree === 'string') return tree;
  const list = asList(tree);
  if (list) return `[${list.map(canonicalJson).join()}]`;
  const members = [...(tree as ReadonlyMap<string, JsonTree>)].sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`).join()}}`;
}

/** One facet a leaf, named by its path; empty lists and objects are leaves. Undefined when the names get out of hand. */
export function leavesOf(tree: JsonTree, root: string): Facet[] | undefined {
  const leaves: Facet[] = [];
  let characters = 0;
  const walk = (node: JsonTree, name: string) => {
    const members = typeof node === 'string' ? [] : [...node.entries()];
    if (members.length === 0) {
      leaves.push([name, typeof node === 'string' ? node : Array.isArray(node) ? '[]' : '{}']);
      characters += name.length;
    }
    for (const [key, member] of members) {
      if (characters > MOST_NAMES) return;
      walk(member, facetName(name, String(key)));
    }
  };
  walk(tree, root);
  return characters > MOST_NAMES ? undefined : leaves;
}

/** An object with the keys 0, 1, 2 … has the leaves of a list. */
function asList(tree: Exclude<JsonTree, string>): readonly JsonTree[] | undefined {
  if (!(tree instanceof Map)) return tree as readonly JsonTree[];
  if (!tree.has('0')) return undefined;
  const items = Array.from({ length: tree.size }, (_, i) => tree.get(String(i)) as JsonTree | undefined);
  return items.some((item) => item === undefined) ? undefined : (items as JsonTree[]);
}
