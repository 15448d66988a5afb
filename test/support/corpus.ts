import { readFileSync } from 'node:fs';
import path from 'node:path';

/** One line of a corpus: bytes, and what must happen. */
export interface CorpusCase {
  readonly name: string;
  /** `file:line`. */
  readonly place: string;
  /** The heading that it stands under. */
  readonly section: string;
  /** In the notation of the file. */
  readonly bytes: string;
  /** In words, by mode; `''` for all others. */
  readonly outcomes: Readonly<Record<string, string>>;
}

const CORPUS = path.resolve(__dirname, '../wire/corpus');

/** The cases of one file of the corpus; how a line is written is told at the top of each file. */
export function readCorpus(file: string): CorpusCase[] {
  const cases: CorpusCase[] = [];
  const names = new Set<string>();
  let section = '';
  readFileSync(path.join(CORPUS, file), 'latin1')
    .split('\n')
    .forEach((line, at) => {
      const place = `${file}:${at + 1}`;
      const heading = /^## (.+)$/.exec(line)?.[1];
      if (heading !== undefined) section = heading;
      if (line.startsWith('#') || line.trim() === '') return;
      const [, name, bytes, told] = /^(\S+) +(.*?) +=> (.+)$/.exec(line) ?? [];
      if (name === undefined || bytes === undefined || told === undefined)
        throw new Error(`${place} is no "name bytes => outcome"`);
      if (names.has(name)) throw new Error(`${place}: the name ${name} is taken`);
      names.add(name);
      cases.push({ name, place, section, bytes, outcomes: outcomesOf(told) });
    });
  return cases;
}

/** What must happen in this mode. */
export function outcomeOf({ outcomes, place }: CorpusCase, mode: string): string {
  const outcome = outcomes[mode] ?? outcomes[''];
  if (outcome === undefined) throw new Error(`${place} says nothing about ${mode}`);
  return outcome;
}

/** The bytes that a notation stands for, one character each; `{name}` is looked up in `values`. */
export function bytesOf(notation: string, values: Readonly<Record<string, string>>): string {
  return notation.replace(
    /\\(?:([rnt\\])|x([0-9a-f]{2}))|\{(?:(\d+)\*([^{}]*)|(\w+))\}/g,
    (
      whole,
      short: string | undefined,
      hex: string | undefined,
      count: string | undefined,
      many: string,
      name: string,
    ) => {
      if (short !== undefined) return { r: '\r', n: '\n', t: '\t', '\\': '\\' }[short]!;
      if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
      if (count !== undefined) return bytesOf(many, values).repeat(Number(count));
      const value = values[name];
      if (value === undefined) throw new Error(`${whole} stands for nothing`);
      return bytesOf(value, values);
    },
  );
}

/** Bytes for a message to a person, the middle of long ones left out. */
export function shown(bytes: string): string {
  const text = JSON.stringify(bytes);
  return text.length <= 700 ? text : `${text.slice(0, 400)} … ${text.length} … ${text.slice(-200)}`;
}

function outcomesOf(told: string): Record<string, string> {
  return Object.fromEntries(
    told.split(';').map((part) => {
      const [, mode = '', outcome = ''] =
        /^\s*(?:(regular|reverse|connect|tls): )?(.+?)\s*$/.exec(part) ?? [];
      return [mode, outcome];
    }),
  );
}
