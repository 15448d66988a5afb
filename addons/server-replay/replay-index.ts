import {
  type HttpRequest,
  type RecordedFlow,
  redactedOf,
  type RequestKey,
  Subject,
  subjectOf,
} from 'replay-proxy';

/** A recorded flow and its place among all. */
interface Entry {
  readonly flow: RecordedFlow;
  readonly order: number;
}

/** Entries that are compared alike: all of one session whose recording took the same facets out. */
interface Shelf {
  readonly key: RequestKey;
  readonly buckets: Map<string, Bucket>;
}

const NONE: readonly RecordedFlow[] = [];
const NO_SHELVES: readonly Shelf[] = [];
const MOST_MERGED = 1000;
/** Entries that are sorted in no time. */
const MANY = 100;
const AT_ONCE = 50;

/** How entries are compared. */
export interface Comparison {
  /** The key for entries of which these facets were taken out. */
  keyFor(redacted: readonly string[]): RequestKey;
  /** Whether it makes a difference that a facet of that name was taken out; true unless told. */
  matters?(name: string): boolean;
}

/** Finds the recorded flows that match a request. Bodies are read when a request comes whose head matches theirs. */
export class ReplayIndex {
  /** By session, then by what was taken out. */
  readonly #shelves = new Map<string, Map<string, Shelf>>();
  /** Lists of several groups together, by their numbers: long ones are not to be sorted for each request. */
  readonly #merged = new Map<string, readonly RecordedFlow[]>();
  readonly #comparison: Comparison;
  #size = 0;

  constructor(flows: readonly RecordedFlow[], comparison: Comparison) {
    this.#comparison = comparison;
    for (const flow of flows) this.add(flow);
  }

  /** One more, behind all others. */
  add(flow: RecordedFlow): void {
    const { key, buckets } = this.#shelfOf(flow);
    const head = key.head(subjectOf(flow));
    let bucket = buckets.get(head);
    if (!bucket) buckets.set(head, (bucket = new Bucket(key)));
    bucket.add({ flow, order: this.#size });
    this.#size += 1;
    this.#merged.clear();
  }

  /**
   * Those that sessions of these names have recorded, in recorded order, or first those of the first session; the same list for the same
   * question.
   */
  find(
    request: HttpRequest,
    sessions: Iterable<string>,
    order: 'recorded' | 'by session' = 'recorded',
  ): readonly RecordedFlow[] {
    const subject = new Subject(request, true, 'unknown');
    const found: Group[] = [];
    let own: number | undefined;
    for (const session of sessions) {
      for (const { key, buckets } of this.#shelves.get(session)?.values() ?? NO_SHELVES) {
        const group = buckets.get(key.head(subject))?.get(subject);
        if (group) found.push(group);
      }
      own ??= found.length;
    }
    if (found.length < 2) return found[0]?.flows ?? NONE;
    return this.#merge(order === 'recorded' ? [found] : [found.slice(0, own), found.slice(own)]);
  }

  /**
   * Sorts what many entries with one head have for bodies, a few at a time, so that no request has to wait for it. Ends early when `isOver`, or
   * when bodies cannot be read any more.
   */
  async prepare(isOver: () => boolean): Promise<void> {
    for (const shelves of this.#shelves.values()) {
      for (const { buckets } of shelves.values()) {
        for (const bucket of buckets.values()) {
          while (bucket.unsorted > MANY && !isOver()) {
            bucket.sort(AT_ONCE);
            await new Promise((resolve) => setImmediate(resolve));
          }
        }
      }
    }
  }

  /** The sessions that have recorded something. */
  get sessions(): Iterable<string> {
    return this.#shelves.keys();
  }

  /** Each list of groups in recorded order, one after the other. */
  #merge(lists: readonly (readonly Group[])[]): readonly RecordedFlow[] {
    const id = lists.map((groups) => groups.map(({ orders }) => orders[0]).join()).join(';');
    let merged = this.#merged.get(id);
    if (!merged) {
      merged = lists.flatMap((groups) => {
        const entries = groups.flatMap(({ flows, orders }) =>
          flows.map((flow, i): Entry => ({ flow, order: orders[i]! })),
        );
        return entries.sort((a, b) => a.order - b.order).map(({ flow }) => flow);
      });
      if (this.#merged.size >= MOST_MERGED) this.#merged.clear();
      this.#merged.set(id, merged);
    }
    return merged;
  }

  #shelfOf(flow: RecordedFlow): Shelf {
    const { session = '' } = flow;
    const { keyFor, matters = () => true } = this.#comparison;
    const redacted = redactedOf(flow).filter(matters);
    const id = redacted.length === 0 ? '' : JSON.stringify(redacted);
    let shelves = this.#shelves.get(session);
    if (!shelves) this.#shelves.set(session, (shelves = new Map()));
    let shelf = shelves.get(id);
    if (!shelf) shelves.set(id, (shelf = { key: keyFor(redacted), buckets: new Map() }));
    return shelf;
  }
}

interface Group {
  readonly flows: RecordedFlow[];
  readonly orders: number[];
}

/** Entries with one head, sorted by their bodies when first asked, or before. */
class Bucket {
  #entries: Entry[] = [];
  #sorted = 0;
  readonly #groups = new Map<string, Group>();

  constructor(private readonly key: RequestKey) {}

  add(entry: Entry): void {
    this.#entries.push(entry);
  }

  get unsorted(): number {
    return this.#entries.length - this.#sorted;
  }

  get(subject: Subject): Group | undefined {
    if (this.unsorted > 0) this.sort(Infinity);
    return this.#groups.get(this.key.body(subject));
  }

  /** Sorts up to `most` more, in recorded order. */
  sort(most: number): void {
    const end = Math.min(this.#entries.length, this.#sorted + most);
    for (; this.#sorted < end; this.#sorted += 1) {
      const { flow, order } = this.#entries[this.#sorted]!;
      const body = this.key.body(subjectOf(flow));
      let group = this.#groups.get(body);
      if (!group) this.#groups.set(body, (group = { flows: [], orders: [] }));
      group.flows.push(flow);
      group.orders.push(order);
    }
    if (this.unsorted > 0) return;
    this.#entries = [];
    this.#sorted = 0;
  }
}
