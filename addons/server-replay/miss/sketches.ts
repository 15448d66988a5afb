import type { HttpRequest, RecordedFlow } from 'replay-proxy';

/** What an equal part of a request is worth when entries are ranked by their sketches. */
const WORTH = { path: 64, where: 24, method: 16, segment: 5, pair: 3, length: 2 } as const;
/** Sets of 128 bits: with fewer, too many pairs of a large recording would look the same. */
const WORDS = 4;
/** Where things are in a sketch. */
const [PATH, WHERE, METHOD, LENGTH, SEGMENTS, PAIRS] = [0, 1, 2, 3, 4, 4 + WORDS];
/** Numbers of a sketch. */
const WIDTH = PAIRS + WORDS;

/**
 * A few numbers for each recorded flow, enough to tell which of a hundred thousand resemble a request without looking at any of them.
 * It judges by the raw target, so it may err where rules ignore or addons change much. They are made when first asked for, or before.
 */
export class Sketches {
  readonly #flows: RecordedFlow[];
  #numbers = new Int32Array();
  #made = 0;

  constructor(flows: readonly RecordedFlow[]) {
    this.#flows = [...flows];
  }

  /** How many there are. */
  get size(): number {
    return this.#flows.length;
  }

  /** One more, behind all others. */
  add(flow: RecordedFlow): void {
    this.#flows.push(flow);
  }

  /** Makes up to `most` of those that are missing; false when there are no more. */
  make(most: number): boolean {
    const flows = this.#flows;
    if (this.#numbers.length < flows.length * WIDTH) {
      const larger = new Int32Array(Math.max(flows.length, 2 * this.#made) * WIDTH);
      larger.set(this.#numbers);
      this.#numbers = larger;
    }
    const end = Math.min(flows.length, this.#made + most);
    for (; this.#made < end; this.#made += 1)
      this.#numbers.set(sketch(flows[this.#made]!.request), this.#made * WIDTH);
    return end < flows.length;
  }

  /** Up to `most` of the first `known` flows, those that resemble `request` most first, equal ones in recorded order. */
  nearest(request: HttpRequest, most: number, known = this.#flows.length): RecordedFlow[] {
    this.make(Infinity);
    const asked = sketch(request);
    const numbers = this.#numbers;
    const best: { at: number; score: number }[] = [];
    for (let at = 0, n = 0; at < known; at += 1, n += WIDTH) {
      const score = resemblance(asked, numbers, n);
      if (best.length === most && score <= best[most - 1]!.score) continue;
      let place = best.length === most ? most - 1 : best.length;
      for (; place > 0 && best[place - 1]!.score < score; place -= 1) best[place] = best[place - 1]!;
      best[place] = { at, score };
    }
    return best.map(({ at }) => this.#flows[at]!);
  }
}

function resemblance(asked: readonly number[], numbers: Int32Array, n: number): number {
  let score = 0;
  if (asked[PATH] === numbers[n + PATH]) score += WORTH.path;
  else score += WORTH.segment * agreement(asked, numbers, n, SEGMENTS);
  if (asked[WHERE] === numbers[n + WHERE]) score += WORTH.where;
  if (asked[METHOD] === numbers[n + METHOD]) score += WORTH.method;
  if (asked[LENGTH] === numbers[n + LENGTH]) score += WORTH.length;
  return score + WORTH.pair * agreement(asked, numbers, n, PAIRS);
}

/** Members that both sets have, less those that only one has. */
function agreement(asked: readonly number[], numbers: Int32Array, n: number, set: number): number {
  let sum = 0;
  for (let word = set; word < set + WORDS; word += 1) {
    const a = asked[word]!;
    const b = numbers[n + word]!;
    sum += bits(a & b) - bits(a ^ b);
  }
  return sum;
}

function bits(number: number): number {
  let n = number - ((number >>> 1) & 0x55555555);
  n = (n & 0x33333333) + ((n >>> 2) & 0x33333333);
  return Math.imul((n + (n >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

function sketch(request: HttpRequest): number[] {
  const { path, host, method } = request;
  const mark = path.indexOf('?');
  const end = mark === -1 ? path.length : mark;
  const numbers = new Array<number>(WIDTH).fill(0);
  numbers[PATH] = hash(path, 0, end);
  numbers[WHERE] = hash(host, 0, host.length) ^ request.port ^ (request.scheme === 'https' ? 0x10000 : 0);
  numbers[METHOD] = hash(method, 0, method.length);
  numbers[LENGTH] = request.body.kind === 'stream' ? -1 : (request.body.length ?? -1);
  addParts(numbers, SEGMENTS, path, '/', 1, end);
  if (mark !== -1) addParts(numbers, PAIRS, path, '&', mark + 1, path.length);
  return numbers;
}

/** Puts each part of a stretch of text into a set. */
function addParts(
  numbers: number[],
  set: number,
  text: string,
  separator: string,
  from: number,
  to: number,
): void {
  for (let start = from; start < to;) {
    const found = text.indexOf(separator, start);
    const end = found === -1 || found > to ? to : found;
    const value = hash(text, start, end);
    numbers[set + ((value >>> 5) & (WORDS - 1))]! |= 1 << (value & 31);
    start = end + 1;
  }
}

/** FNV-1a, its halves mixed, since single bits of it are used. */
function hash(text: string, from: number, to: number): number {
  let value = 0x811c9dc5;
  for (let at = from; at < to; at += 1) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193);
  return value ^ (value >>> 15);
}
