import {
  type Addon,
  BodySpool,
  DEFAULT_LIMITS,
  type Flow,
  type MitmProxy,
  openWriter,
  reasonOf,
  type RecordedFlow,
  RecordingError,
  type RecordingWriter,
  Redaction,
  warnOnStderr,
} from 'replay-proxy';
import { NAME, recorderHooks, type RecorderHooks } from './hooks';
import { Take, type TakeOptions } from './take';

/** What is recorded, and where to. */
export interface RecorderOptions {
  /** The file: `.mitm`, `.flow` and `.dump` are written as mitmproxy dumps, anything else as HAR. */
  to: string;
  /** Go on with a file that exists instead of starting it anew. */
  append?: boolean;
  /** The file to go on with is replayed from by this process, too. */
  whileRead?: boolean;
  /** What is taken out before an exchange is written, before any `capture` tap sees it; see `Redaction`. */
  redact?: readonly string[];
  /** Take conditions out of what upstream sees, so that whole responses are recorded. On unless told. */
  fresh?: boolean;
  /** Bytes of a streamed body kept in memory while it passes; the rest waits in a file. */
  heldBody?: number;
  /** Bytes of the longest body that is written without its content coding. */
  decodedBody?: number;
  /**
   * Bytes of the longest body that is recorded, 1 GiB unless told; of a longer one only the headers are. It keeps the disk from filling
   * up, and dumps readable: their readers take each flow into memory whole. A HAR has large bodies in files of their own. Of the messages
   * of a WebSocket at most 128 MiB are recorded.
   */
  longest?: number;
  /** Epoch milliseconds; the system's clock unless told. */
  now?: () => number;
  /** Takes one line about the recording itself. Standard error unless told. */
  warn?: (line: string) => void;
}

/** Writes forwarded flows to a recording, each before the client sees the end of its response. */
export class Recorder implements Addon {
  /** The hooks of the Recorder that `proxy` has or will have. */
  static hooks(proxy: MitmProxy): RecorderHooks {
    return recorderHooks(proxy);
  }

  readonly name = NAME;
  readonly #options: Required<RecorderOptions>;
  readonly #redaction: Redaction;
  readonly #taking: TakeOptions;
  /** Taken out at `complete`, not left to the garbage collector: a large weak map costs it much. */
  readonly #takes = new WeakMap<Flow, Take>();
  #writer: RecordingWriter | undefined;
  #broken: RecordingError | undefined;
  #written = 0;

  /** @throws ConfigError for a name of `redact` that nothing can have. */
  constructor(options: RecorderOptions) {
    this.#options = {
      append: false,
      whileRead: false,
      redact: [],
      fresh: true,
      heldBody: DEFAULT_LIMITS.heldBody,
      decodedBody: DEFAULT_LIMITS.decodedBody,
      longest: 1024 * 1024 * 1024,
      now: Date.now,
      warn: warnOnStderr,
      ...options,
    };
    this.#redaction = new Redaction(this.#options.redact);
    const { heldBody, longest, now } = this.#options;
    const spool = () => this.#writer?.spool(heldBody) ?? new BodySpool(heldBody);
    this.#taking = { longest, now, spool };
  }

  /** Exchanges written in this run. */
  get written(): number {
    return this.#written;
  }

  apply(proxy: MitmProxy): void {
    const { accept } = recorderHooks(proxy);
    proxy.hooks.start.tap({ name: NAME, stage: 100 }, () => this.#open());
    proxy.hooks.stop.tap({ name: NAME, stage: 100 }, () => this.#writer?.close());
    proxy.hooks.forward.tap({ name: NAME, stage: -100 }, (request, flow) => {
      if (accept.call(flow) === false) return;
      if (this.#broken) throw this.#broken;
      this.#takes.set(flow, new Take(flow, this.#taking));
      if (!this.#options.fresh) return;
      request.headers.delete('if-none-match');
      request.headers.delete('if-modified-since');
    });
    proxy.hooks.received.tap({ name: NAME, stage: 100 }, (response, flow) => {
      const take = this.#takes.get(flow);
      if (!take) return;
      take.receive(response);
      if (take.isWhole) this.#write(proxy, take);
      else flow.beforeEnd(() => this.#write(proxy, take));
    });
    this.#listen(proxy);
    // What fails before its head gets an answer from us, whose end the client sees too.
    proxy.hooks.error.tap({ name: NAME, stage: -100 }, (_error, flow) => {
      const take = this.#takes.get(flow);
      if (take && !take.isTaken) this.#write(proxy, take);
    });
    proxy.hooks.complete.tap({ name: NAME, stage: -100 }, (flow) => {
      const take = this.#takes.get(flow);
      if (!take) return;
      this.#takes.delete(flow);
      try {
        if (!take.isTaken) this.#write(proxy, take);
      } finally {
        take.discard();
      }
    });
  }

  /** Takes messages as they come, before any other addon changes them, as it takes requests and responses. */
  #listen({ hooks }: MitmProxy): void {
    hooks.webSocketMessage.tap({ name: NAME, stage: -100 }, (message, flow) => {
      const messages = this.#takes.get(flow)?.messages;
      if (!messages || messages.isCut || messages.add(message)) return;
      this.#options.warn(
        `a WebSocket of ${flow.request.origin} has become too long: what comes now is not recorded`,
      );
    });
    hooks.webSocketMessage.tap({ name: NAME, stage: 100 }, ({ from, dropped }, flow) => {
      if (dropped) this.#takes.get(flow)?.messages?.drop(from);
    });
    hooks.webSocketClose.tap({ name: NAME, stage: 100 }, ({ from, code, reason, time }, flow) => {
      const messages = this.#takes.get(flow)?.messages;
      if (messages && from !== 'proxy') messages.close = { from, code, reason, time };
    });
  }

  #open(): void {
    const { to, append, whileRead, decodedBody, warn } = this.#options;
    this.#writer = openWriter(to, { append, whileRead, decodedBody });
    for (const line of this.#writer.warnings) warn(line);
  }

  #write(proxy: MitmProxy, take: Take): void {
    take.isTaken = true;
    if (this.#broken) throw this.#broken;
    const { capture, written } = recorderHooks(proxy);
    const number = (this.#writer?.held ?? 0) + this.#written + 1;
    const whole = take.recorded(this.#options.to, number);
    const recorded = capture.call(this.#redaction.apply(whole), take.flow) as RecordedFlow;
    try {
      this.#writer?.append(recorded);
      this.#written += 1;
      take.flow.notes.push('recorded');
    } catch (error) {
      // A flow that cannot be recorded ends alone; a file that cannot be written ends the recording.
      if ((error as RecordingError).code === 'ERR_RECORDING_FLOW') throw error;
      this.#broken = new RecordingError(
        `nothing more is recorded, new requests get 503: ${(error as Error).message}`,
        { status: 503, cause: error },
      );
      this.#options.warn(this.#broken.message);
      throw error;
    }
    try {
      written.call(recorded, take.flow);
    } catch (error) {
      // The exchange is in the file, and its client gets its answer.
      this.#options.warn(reasonOf(error));
    }
  }
}
