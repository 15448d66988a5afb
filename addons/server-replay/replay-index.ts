import type { HttpRequest, RecordedFlow } from 'replay-proxy';
import { type RequestKey, Subject } from './request-key';

/** A recorded flow and its place among all. */
interface Entry {
  readonly flow: RecordedFlow;
  readonly order: number;
}

/** Entries that are compared alike: all whose recording took the same facets out. */
interface Shelf {
  readonly key: RequestKey;
  readonly buckets: Map<string, Bucket>;
}

const NONE: readonly RecordedFlow[] = [];

/** Finds the recorded flows that match a request. Bodies are read when a request comes whose head matches theirs. */
export class ReplayIndex {
  readonly #shelves = new Map<string, Shelf>();

  /** `keyFor` makes the key for entries of which these facets were taken out. */
  constructor(flows: readonly RecordedFlow[], keyFor: (redacted: readonly string[]) => RequestKey) {
    flows.forEach((flow, order) => {
      const redacted = [...new Set(flow.redacted)].filter((name) => name !== '').sort();
      const id = redacted.length === 0 ? '' : JSON.stringify(redacted);
      let shelf = this.#shelves.get(id);
      if (!shelf) this.#shelves.set(id, (shelf = { key: keyFor(redacted), buckets: new Map() }));
      const head = shelf.key.head(subjectOf(flow));
      let bucket = shelf.buckets.get(head);
      if (!bucket) shelf.buckets.set(head, (bucket = new Bucket(shelf.key)));
      bucket.add({ flow, order });
    });
  }

  /** In recorded order; the same list for the same request. */
  find(request: HttpRequest): readonly RecordedFlow[] {
    const subject = new Subject(request, true, 'unknown');
    const found: Group[] = [];
    for (const { key, buckets } of this.#shelves.values()) {
      const group = buckets.get(key.head(subject))?.get(subject);
      if (group) found.push(group);
    }
    if (found.length < 2) return found[0]?.flows ?? NONE;
    const entries = found.flatMap(({ flows, orders }) =>
      flows.map((flow, i): Entry => ({ flow, order: orders[i]! })),
    );
    return entries.sort((a, b) => a.order - b.order).map(({ flow }) => flow);
  }
}

interface Group {
  readonly flows: RecordedFlow[];
  readonly orders: number[];
}

/** Entries with one head, sorted by their bodies when first asked. */
class Bucket {
  #unsorted: Entry[] = [];
  readonly #groups = new Map<string, Group>();

  constructor(private readonly key: RequestKey) {}

  add(entry: Entry): void {
    this.#unsorted.push(entry);
  }

  get(subject: Subject): Group | undefined {
    if (this.#unsorted.length > 0) this.#sort();
    return this.#groups.get(this.key.body(subject));
  }

  #sort(): void {
    const entries = this.#unsorted;
    const bodies = entries.map(({ flow }) => this.key.body(subjectOf(flow)));
    this.#unsorted = [];
    entries.forEach(({ flow, order }, i) => {
      const body = bodies[i]!;
      let group = this.#groups.get(body);
      if (!group) this.#groups.set(body, (group = { flows: [], orders: [] }));
      group.flows.push(flow);
      group.orders.push(order);
    });
  }
}

function subjectOf({ request, unstored, source, number }: RecordedFlow): Subject {
  return new Subject(request, !unstored?.request, `unknown ${source}#${number}`);
}
