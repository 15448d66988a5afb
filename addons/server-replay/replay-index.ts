import type { HttpRequest, RecordedFlow } from 'replay-proxy';
import { type RequestKey, Subject } from './request-key';

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
const NOTHING: readonly string[] = [];

/** Finds the recorded flows that match a request. Bodies are read when a request comes whose head matches theirs. */
export class ReplayIndex {
  /** By session, then by what was taken out. */
  readonly #shelves = new Map<string, Map<string, Shelf>>();
  #size = 0;

  /** `keyFor` makes the key for entries of which these facets were taken out. */
  constructor(
    flows: readonly RecordedFlow[],
    private readonly keyFor: (redacted: readonly string[]) => RequestKey,
  ) {
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
  }

  /** Those that sessions of these names have recorded, in recorded order; the same list for the same question, if only one session has any. */
  find(request: HttpRequest, sessions: Iterable<string>): readonly RecordedFlow[] {
    const subject = new Subject(request, true, 'unknown');
    const found: Group[] = [];
    for (const session of sessions) {
      for (const { key, buckets } of this.#shelves.get(session)?.values() ?? []) {
        const group = buckets.get(key.head(subject))?.get(subject);
        if (group) found.push(group);
      }
    }
    if (found.length < 2) return found[0]?.flows ?? NONE;
    const entries = found.flatMap(({ flows, orders }) =>
      flows.map((flow, i): Entry => ({ flow, order: orders[i]! })),
    );
    return entries.sort((a, b) => a.order - b.order).map(({ flow }) => flow);
  }

  /** The sessions that have recorded something. */
  get sessions(): Iterable<string> {
    return this.#shelves.keys();
  }

  #shelfOf(flow: RecordedFlow): Shelf {
    const { session = '' } = flow;
    const redacted = redactedOf(flow);
    const id = redacted.length === 0 ? '' : JSON.stringify(redacted);
    let shelves = this.#shelves.get(session);
    if (!shelves) this.#shelves.set(session, (shelves = new Map()));
    let shelf = shelves.get(id);
    if (!shelf) shelves.set(id, (shelf = { key: this.keyFor(redacted), buckets: new Map() }));
    return shelf;
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

/** What was taken out of the request when it was recorded, as ignore rules. */
export function redactedOf({ redacted }: Pick<RecordedFlow, 'redacted'>): readonly string[] {
  if (!redacted || redacted.length === 0) return NOTHING;
  return [...new Set(redacted)].filter((name) => name !== '' && !name.startsWith('response.')).sort();
}

/** A recorded flow's side of a comparison; a body of more than `largest` bytes is not looked into. */
export function subjectOf({ request, unstored, source, number }: RecordedFlow, largest?: number): Subject {
  return new Subject(request, !unstored?.request, `unknown ${source}#${number}`, largest);
}
