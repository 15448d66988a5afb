import {
  type HttpRequest,
  type RecordedFlow,
  redactedOf,
  type RequestKey,
  Subject,
  subjectOf,
} from 'replay-proxy';

/** Entries that are compared alike: all of one session whose recording took the same facets out. */
interface Shelf {
  readonly key: RequestKey;
  /** By their heads. Where one entry stands alone, as most do, it is its place among all, until somebody asks for it. */
  readonly buckets: Map<string, Bucket | number>;
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
  /** In recorded order. */
  readonly #flows: RecordedFlow[] = [];

  constructor(flows: readonly RecordedFlow[], comparison: Comparison) {
    this.#comparison = comparison;
    for (const flow of flows) this.add(flow);
  }

  /** One more, behind all others. */
  add(flow: RecordedFlow): void {
    const shelf = this.#shelfOf(flow);
    const head = shelf.key.head(subjectOf(flow));
    const order = this.#flows.push(flow) - 1;
    if (shelf.buckets.has(head)) this.#bucketOf(shelf, head)?.add(order);
    else shelf.buckets.set(head, order);
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
      for (const shelf of this.#shelves.get(session)?.values() ?? NO_SHELVES) {
        const group = this.#bucketOf(shelf, shelf.key.head(subject))?.get(subject);
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
          while (typeof bucket !== 'number' && bucket.unsorted > MANY && !isOver()) {
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
        const orders = groups.flatMap((group) => group.orders);
        return orders.sort((a, b) => a - b).map((order) => this.#flows[order]!);
      });
      if (this.#merged.size >= MOST_MERGED) this.#merged.clear();
      this.#merged.set(id, merged);
    }
    return merged;
  }

  #bucketOf({ key, buckets }: Shelf, head: string): Bucket | undefined {
    const found = buckets.get(head);
    if (typeof found !== 'number') return found;
    const bucket = new Bucket(key, this.#flows);
    bucket.add(found);
    buckets.set(head, bucket);
    return bucket;
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
  #orders: number[] = [];
  #sorted = 0;
  readonly #groups = new Map<string, Group>();

  /** `flows` are those of the whole index. */
  constructor(
    private readonly key: RequestKey,
    private readonly flows: readonly RecordedFlow[],
  ) {}

  add(order: number): void {
    this.#orders.push(order);
  }

  get unsorted(): number {
    return this.#orders.length - this.#sorted;
  }

  get(subject: Subject): Group | undefined {
    if (this.unsorted > 0) this.sort(Infinity);
    return this.#groups.get(this.key.body(subject));
  }

  /** Sorts up to `most` more, in recorded order. */
  sort(most: number): void {
    const end = Math.min(this.#orders.length, this.#sorted + most);
    for (; this.#sorted < end; this.#sorted += 1) {
      const order = this.#orders[this.#sorted]!;
      const flow = this.flows[order]!;
      const body = this.key.body(subjectOf(flow));
      let group = this.#groups.get(body);
      if (!group) this.#groups.set(body, (group = { flows: [], orders: [] }));
      group.flows.push(flow);
      group.orders.push(order);
    }
    if (this.unsorted > 0) return;
    this.#orders = [];
    this.#sorted = 0;
  }
}
