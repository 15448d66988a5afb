import type { WebSocketEnd, WebSocketMessage } from 'replay-proxy';
import type { Cue, Script } from './script';

/** What a client says, and when it arrived. */
export type LiveMessage = Pick<WebSocketMessage, 'opcode' | 'data' | 'time'>;

/** Where a client departs from a script. */
export interface Departure {
  /**
   * `unlike`: it says something else · `one too many`: it goes on after all that was recorded · `left early`: it says goodbye before it has said
   * all.
   */
  readonly how: 'unlike' | 'one too many' | 'left early';
  /** Place among the messages that it should say, from 0. */
  readonly index: number;
  /** What it says instead. */
  readonly message?: LiveMessage;
}

/** How a script is played. */
export interface PlayOptions {
  /** 0 without gaps, 1 with the recorded ones, 2 twice as fast. */
  readonly speed: number;
  /** Whether a message is the one expected at that place. */
  readonly isSame: (message: LiveMessage, index: number) => boolean;
  /** Milliseconds of a clock that never goes back. */
  readonly now: () => number;
  /** Rejects when the signal aborts. */
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<unknown>;
}

/**
 * Plays the server of a script. Each of its messages goes out when the client's that came before it have arrived and the recorded gap is over;
 * the client may talk as fast as it likes, in its order. Resolves when the client has closed, or with its departure, the WebSocket still open.
 * @throws what `isSame` throws, the WebSocket still open.
 */
export async function play(
  client: WebSocketEnd,
  script: Script,
  options: PlayOptions,
): Promise<Departure | undefined> {
  const over = new AbortController();
  const player = new Player(client, script, options, over.signal);
  try {
    const listening = player.listen();
    return await Promise.race([listening, player.speak().then(() => listening)]);
  } finally {
    over.abort();
  }
}

class Player {
  readonly #opened: number;
  /** The place of the message that is to come, and when those before it came. */
  #place = 0;
  readonly #arrivals: number[] = [];
  #isEnded = false;
  #wake = (): void => {};

  constructor(
    private readonly client: WebSocketEnd,
    private readonly script: Script,
    private readonly options: PlayOptions,
    private readonly over: AbortSignal,
  ) {
    this.#opened = options.now();
    over.addEventListener('abort', () => this.#wake(), { once: true });
  }

  /** Follows the client to its end. */
  async listen(): Promise<Departure | undefined> {
    for await (const message of this.client.messages) {
      // What crosses our goodbye was said too late.
      if (this.#isEnded) continue;
      const departure = this.#judge(message);
      if (departure) return departure;
      this.#wake();
    }
    await this.client.closed;
    const index = this.#required();
    return this.#isEnded || index === undefined ? undefined : { how: 'left early', index };
  }

  /** Says what the server said, and ends it where the server did. */
  async speak(): Promise<void> {
    const { lines, end } = this.script;
    let last = this.#opened;
    for (const { message, cue } of lines) {
      last = await this.#await(cue, last);
      if (this.over.aborted) return;
      await this.client.send({ opcode: message.opcode === 2 ? 2 : 1, data: message.data });
    }
    if (!end) return;
    await this.#await(end.cue, last);
    if (this.over.aborted) return;
    this.#isEnded = true;
    this.client.close(end.code, end.reason);
  }

  #judge(message: LiveMessage): Departure | undefined {
    const { expected } = this.script;
    for (let place = this.#place; place < expected.length; place += 1) {
      if (this.options.isSame(message, place)) {
        const now = this.options.now();
        while (this.#place <= place) this.#arrivals[this.#place++] = now;
        return undefined;
      }
      if (!expected[place]!.isOptional) return { how: 'unlike', index: place, message };
    }
    return { how: 'one too many', index: expected.length, message };
  }

  /** The place of the first message before `end` that has to come and has not; undefined when there is none. */
  #required(end = this.script.expected.length): number | undefined {
    for (let place = this.#place; place < end; place += 1)
      if (!this.script.expected[place]!.isOptional) return place;
    return undefined;
  }

  /** Waits until it is time, and gives the time that it should be: gaps do not add up what timers are late. */
  async #await({ after, follows, gap }: Cue, last: number): Promise<number> {
    while (this.#required(after) !== undefined && !this.over.aborted)
      await new Promise<void>((resolve) => (this.#wake = resolve));
    const { speed, now, sleep } = this.options;
    const from = follows === 'client' ? (this.#arrivals[after - 1] ?? last) : last;
    if (speed === 0) return now();
    const due = Math.max(last, from + gap / speed);
    const wait = due - now();
    if (wait > 0) await sleep(wait, this.over).catch(() => {});
    return due;
  }
}
