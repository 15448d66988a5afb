import { openRecording, type RecordedFlow, type Recording } from 'replay-proxy';
import type { Loaded } from './replayable';
import { describeUnusable, whyUnusable } from './usable';

/** Where recorded flows come from: a file, a recording that is open, or flows in memory. */
export type Source = string | Recording | readonly RecordedFlow[];

/** How far a file has been read, in bytes. */
export type SourceProgress = (read: number, total: number, path: string) => void;

/**
 * The recordings in use. Each file is opened once, its complaints are made once, and it is closed with the others: one that is taken out can
 * be needed by open flows, and has the same flows when it is put back.
 */
export class Sources {
  readonly #known = new Map<Source, readonly RecordedFlow[]>();
  readonly #opened: Recording[] = [];
  readonly #added: RecordedFlow[] = [];

  constructor(
    private readonly warn: (line: string) => void,
    private readonly onProgress: SourceProgress | undefined,
  ) {}

  /**
   * The flows of all, in order.
   * @throws RecordingError for a file that cannot be read.
   */
  async load(from: readonly Source[]): Promise<Loaded> {
    const sources = new Set(from);
    for (const source of sources) {
      if (!this.#known.has(source)) this.#known.set(source, await this.#open(source));
    }
    const flows = [...[...sources].flatMap((source) => this.#known.get(source) ?? []), ...this.#added];
    for (const source of this.#known.keys()) {
      if (typeof source !== 'string' && !sources.has(source)) this.#known.delete(source);
    }
    const usable: RecordedFlow[] = [];
    const unusable: RecordedFlow[] = [];
    for (const flow of flows) (whyUnusable(flow) === undefined ? usable : unusable).push(flow);
    return { flows: usable, unusable };
  }

  /** One more flow that can answer, behind all others, whatever is loaded. */
  add(flow: RecordedFlow): void {
    this.#added.push(flow);
  }

  /** Lets go of the files that were opened here. */
  close(): void {
    for (const recording of this.#opened.splice(0)) recording.close();
    this.#known.clear();
  }

  async #open(source: Source): Promise<readonly RecordedFlow[]> {
    if (isFlows(source)) return this.#told(sourceName(source), source);
    if (typeof source !== 'string') return this.#told(sourceName(source), source.flows);
    const recording = await openRecording(source, {
      onProgress: (read: number, total: number) => this.onProgress?.(read, total, source),
    });
    this.#opened.push(recording);
    recording.warnings.forEach(this.warn);
    return this.#told(source, recording.flows);
  }

  #told(name: string, flows: readonly RecordedFlow[]): readonly RecordedFlow[] {
    const line = describeUnusable(name, flows);
    if (line !== undefined) this.warn(line);
    return flows;
  }
}

/** What a person calls it. */
export function sourceName(source: Source): string {
  if (typeof source === 'string') return source;
  return isFlows(source) ? 'in memory' : source.path;
}

function isFlows(source: Source): source is readonly RecordedFlow[] {
  return Array.isArray(source);
}
