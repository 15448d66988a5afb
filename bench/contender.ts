import type { Shape } from './recordings';

/** What a contender has to answer from, and where. */
export interface Scene extends Shape {
  /** On 127.0.0.1. */
  readonly port: number;
  /** A folder for what it keeps: certificates, caches. The same for all its turns. */
  readonly home: string;
}

/** A command to start. */
export interface Command {
  readonly argv: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

/** A program that answers, in a process of its own: by a command, or by `serve` in a Node that we start. */
export interface Contender {
  readonly name: string;
  /** It contacts an origin: a server of Node, in a process of its own, is one for it. */
  readonly forwards?: true;
  /** Undefined when it is not on this machine. */
  version(): string | undefined;
  command?(scene: Scene): Command;
  /** Settles when it listens. */
  serve?(scene: Scene): Promise<void>;
}

/** What a contender goes by among all that `serve`: one may both replay and forward. */
export function servedAs({ name, forwards }: Contender): string {
  return forwards ? `${name}, forwarding` : name;
}
