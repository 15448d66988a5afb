import { SingleBar } from 'cli-progress'; // late

/** Files up to this many bytes are read before a bar could be looked at. */
const SMALL = 4 * 1024 * 1024;

/** A bar while large recordings are read; on a terminal only. */
export class LoadProgressBar {
  readonly #stream: NodeJS.WriteStream;
  #bar: SingleBar | undefined;
  #path: string | undefined;

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
  }

  /** So many of `total` bytes of a file have been read. */
  update(read: number, total: number, path: string): void {
    if (!this.#stream.isTTY || total <= SMALL) return;
    if (path !== this.#path) this.#start(total, path);
    this.#bar?.update(read, { read: megabytes(read), size: megabytes(total) });
    if (read >= total) this.stop();
  }

  /** Takes the bar away. */
  stop(): void {
    this.#bar?.stop();
    this.#bar = undefined;
    this.#path = undefined;
  }

  #start(total: number, path: string): void {
    this.stop();
    this.#path = path;
    this.#bar = new SingleBar({
      format: 'loading {path} {bar} {read} of {size} MB',
      stream: this.#stream,
      clearOnComplete: true,
      hideCursor: true,
      barsize: 30,
    });
    this.#bar.start(total, 0, { path, read: 0, size: megabytes(total) });
  }
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}
