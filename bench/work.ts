/** What one turn came to: a number for each figure of the work, by the figure's name. */
export type Turn = Readonly<Record<string, number>>;

/** Something that a work measures. */
export interface Figure {
  readonly name: string;
  readonly unit: string;
  readonly better: 'more' | 'less';
}

/** Who does the work. */
export interface Entrant {
  readonly name: string;
  /** The version measured; undefined when the program is not on this machine, and is left out. */
  version(): string | undefined;
  /** Makes ready for turns. */
  open(bench: Bench): Promise<Opened>;
}

/** An entrant that is ready. */
export interface Opened {
  turn(): Promise<Turn>;
  close(): Promise<void>;
}

/** One entrant's figure over another's, or by itself, with the goal if there is one. */
export interface Comparison {
  readonly of: string;
  /** Undefined: the figure itself is held to the goal. */
  readonly to?: string;
  readonly figure: string;
  readonly atLeast?: number;
  readonly atMost?: number;
}

/** Under which conditions a work is done, in words. */
export interface Conditions {
  readonly load: string;
  readonly body: string;
  readonly tls: string;
  readonly keepAlive: string;
}

/** A piece of work that all entrants do, in turns. */
export interface Work {
  readonly name: string;
  readonly title: string;
  readonly conditions: Conditions;
  readonly figures: readonly Figure[];
  readonly entrants: readonly Entrant[];
  readonly comparisons: readonly Comparison[];
}

/** What works are given. */
export interface Bench {
  /** A folder that goes with the run. */
  readonly scratch: string;
  readonly quick: boolean;
  /**
   * Lets the load generator ask.
   * @throws when a request was not answered with 200
   */
  readonly load: (load: Load) => Promise<Loaded>;
}

/** How a client talks to a proxy: requests for http in absolute form, or inside a CONNECT with TLS. */
export type Speaks = 'absolute form' | 'tunnel, HTTP/1.1' | 'tunnel, HTTP/2';

/** What the load generator is asked to do. */
export interface Load {
  readonly port: number;
  /** The host asked for. */
  readonly host: string;
  readonly paths: readonly string[];
  readonly connections: number;
  readonly seconds: number;
  readonly speaks: Speaks;
  /** Instead of autocannon, for what is asked in absolute form. */
  readonly by?: 'wrk';
}

/** What came of it. */
export interface Loaded {
  /** Answers of status 200. */
  readonly answers: number;
  /** Anything else: other statuses, errors, time-outs. */
  readonly failures: number;
  readonly seconds: number;
}
