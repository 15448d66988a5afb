import { hash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { Script } from 'node:vm';

/** What V8 made of a script, and the sum of that script's text. */
interface Kept {
  readonly sum: string;
  readonly code: Buffer;
}

const NEWLINE = 10;

/** Compiled scripts, as a file can keep them for the next run. What another V8 has made, or one with other flags, V8 itself refuses. */
export class KeptScripts {
  readonly #kept: Map<string, Kept>;
  readonly #made = new Map<string, { readonly text: string; readonly script: Script }>();

  /** `file` is what `toFile()` gave in an earlier run; what is damaged counts as nothing. */
  constructor(file?: Buffer) {
    this.#kept = file ? keptIn(file) : new Map<string, Kept>();
  }

  /** Compiles the text of a file, with what is kept of it if it is still the same. */
  compile(
    text: string,
    options: Exclude<ConstructorParameters<typeof Script>[1], string>,
    name: string,
  ): Script {
    const kept = this.#kept.get(name);
    const cachedData = kept && kept.sum === sumOf(text) ? kept.code : undefined;
    const script = new Script(text, { ...options, filename: name, ...(cachedData && { cachedData }) });
    if (!cachedData || script.cachedDataRejected) this.#made.set(name, { text, script });
    return script;
  }

  /** What is to be kept of the files there are, with the functions that were run so far; undefined when nothing is new. */
  toFile(): Buffer | undefined {
    if (this.#made.size === 0) return undefined;
    for (const [name, { text, script }] of this.#made)
      this.#kept.set(name, { sum: sumOf(text), code: script.createCachedData() });
    const kept = [...this.#kept].filter(([name]) => existsSync(name));
    const list = kept.map(([name, { sum, code }]) => [name, sum, code.length]);
    const codes = kept.map(([, { code }]) => code);
    const content = Buffer.concat([Buffer.from(`${JSON.stringify(list)}\n`), ...codes]);
    return Buffer.concat([Buffer.from(`${sumOf(content)}\n`), content]);
  }
}

function keptIn(file: Buffer): Map<string, Kept> {
  const kept = new Map<string, Kept>();
  const [sum, content] = split(file);
  // V8 believes what it is given.
  if (sum !== sumOf(content)) return kept;
  const [list, codes] = split(content);
  let at = 0;
  for (const [name, sum, length] of JSON.parse(list) as [string, string, number][])
    kept.set(name, { sum, code: codes.subarray(at, (at += length)) });
  return kept;
}

function split(bytes: Buffer): [line: string, rest: Buffer] {
  const end = bytes.indexOf(NEWLINE);
  return [bytes.toString('utf8', 0, end), bytes.subarray(end + 1)];
}

function sumOf(content: string | Buffer): string {
  return hash('sha1', content, 'base64');
}
