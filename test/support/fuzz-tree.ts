import fc from 'fast-check';
import { encodeTnetstring, TnetFloat, type TnetValue } from '../../src/recording/tnetstring';
import { share } from './fuzz';

/** What recordings are made of, so that it can be changed without regard for what it means; dictionaries may have a key twice. */
export type Tree =
  | { readonly kind: 'leaf'; value: Leaf }
  | { readonly kind: 'list'; items: Tree[] }
  | { readonly kind: 'dictionary'; entries: [key: string, value: Tree][] };

export type Leaf = string | number | boolean | null | Buffer | TnetFloat;

/** One change of a tree, at a node that `at`, a share of their number, tells. */
export interface TreeChange {
  readonly at: number;
  readonly how: 'replace' | 'delete' | 'repeat' | 'rename' | 'swap' | 'wrap' | 'add';
  readonly other: number;
  readonly leaf: Leaf;
  readonly key: string;
}

/** Changes of trees with these leaves and keys. */
export function treeChanges(
  leaves: readonly Leaf[],
  keys: readonly string[],
  most: number,
): fc.Arbitrary<TreeChange[]> {
  return fc.array(
    fc.record({
      at: share,
      how: fc.constantFrom(
        'replace',
        'replace',
        'replace',
        'delete',
        'repeat',
        'rename',
        'swap',
        'wrap',
        'add',
      ),
      other: share,
      leaf: fc.constantFrom(...leaves),
      key: fc.constantFrom(...keys),
    }),
    { maxLength: most },
  );
}

export function fromJson(value: unknown): Tree {
  if (Array.isArray(value)) return { kind: 'list', items: value.map(fromJson) };
  if (typeof value === 'object' && value !== null)
    return { kind: 'dictionary', entries: Object.entries(value).map(([key, one]) => [key, fromJson(one)]) };
  return { kind: 'leaf', value: value as Leaf };
}

export function toJson(tree: Tree, space = ''): string {
  if (tree.kind === 'list') return `[${tree.items.map((one) => space + toJson(one, space)).join(',')}]`;
  if (tree.kind === 'dictionary')
    return `{${tree.entries.map(([key, one]) => `${space}${JSON.stringify(key)}:${toJson(one, space)}`).join(',')}}`;
  const { value } = tree;
  if (Buffer.isBuffer(value)) return JSON.stringify(value.toString('latin1'));
  return JSON.stringify(value instanceof TnetFloat ? value.value : value);
}

export function fromTnet(value: TnetValue): Tree {
  if (Array.isArray(value)) return { kind: 'list', items: (value as TnetValue[]).map(fromTnet) };
  if (value instanceof Map)
    return {
      kind: 'dictionary',
      entries: [...(value as Map<string, TnetValue>)].map(([key, one]) => [key, fromTnet(one)]),
    };
  return { kind: 'leaf', value: value as Leaf };
}

/** As bytes; a dictionary is put together here, since it may have a key twice. */
export function toTnet(tree: Tree): Buffer {
  if (tree.kind === 'leaf') return encodeTnetstring(tree.value);
  const parts =
    tree.kind === 'list'
      ? tree.items.map(toTnet)
      : tree.entries.flatMap(([key, one]) => [encodeTnetstring(key), toTnet(one)]);
  const payload = Buffer.concat(parts);
  return Buffer.concat([
    Buffer.from(`${payload.length}:`),
    payload,
    Buffer.from(tree.kind === 'list' ? ']' : '}'),
  ]);
}

/** A changed copy. */
export function changeTree(original: Tree, changes: readonly TreeChange[]): Tree {
  let root = copy(original);
  for (const { at, how, other, leaf, key } of changes) {
    const slots = [...slotsOf({ get: () => root, set: (tree) => (root = tree) })];
    const slot = slots[Math.floor(at * slots.length)]!;
    const second = slots[Math.floor(other * slots.length)]!;
    const node = slot.get();
    if (how === 'replace') slot.set({ kind: 'leaf', value: leaf });
    else if (how === 'delete') slot.remove?.();
    else if (how === 'repeat') slot.repeat?.();
    else if (how === 'rename') slot.rename?.(key);
    else if (how === 'swap') slot.set(copy(second.get()));
    else if (how === 'wrap')
      slot.set(
        other < 0.5 ? { kind: 'list', items: [node] } : { kind: 'dictionary', entries: [[key, node]] },
      );
    else if (node.kind === 'dictionary') node.entries.push([key, { kind: 'leaf', value: leaf }]);
    else if (node.kind === 'list') node.items.push({ kind: 'leaf', value: leaf });
  }
  return root;
}

interface Slot {
  get(): Tree;
  set(tree: Tree): void;
  remove?(): void;
  repeat?(): void;
  rename?(key: string): void;
}

function* slotsOf(slot: Slot): Generator<Slot> {
  yield slot;
  const tree = slot.get();
  if (tree.kind === 'list') {
    const { items } = tree;
    for (const i of items.keys())
      yield* slotsOf({
        get: () => items[i]!,
        set: (value) => (items[i] = value),
        remove: () => items.splice(i, 1),
        repeat: () => items.push(copy(items[i]!)),
      });
  } else if (tree.kind === 'dictionary') {
    const { entries } = tree;
    for (const i of entries.keys())
      yield* slotsOf({
        get: () => entries[i]![1],
        set: (value) => (entries[i]![1] = value),
        remove: () => entries.splice(i, 1),
        repeat: () => entries.push([entries[i]![0], copy(entries[i]![1])]),
        rename: (key) => (entries[i]![0] = key),
      });
  }
}

function copy(tree: Tree): Tree {
  if (tree.kind === 'list') return { kind: 'list', items: tree.items.map(copy) };
  if (tree.kind === 'dictionary')
    return { kind: 'dictionary', entries: tree.entries.map(([key, one]) => [key, copy(one)]) };
  return { ...tree };
}
