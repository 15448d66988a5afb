/** One field line: its name as it was sent, and its value with one character per byte (latin1). */
export type HeaderPair = readonly [name: string, value: string];

/** Lines that can be had at any time, and were checked before: headers that nobody may ask for need not be in memory as lists. */
export interface HeaderSource {
  pairs(): readonly HeaderPair[];
}

/** The header fields of a message. */
export interface MessageFields {
  readonly headers: HttpHeaders;
  readonly trailers: HttpHeaders;
}

/** What headers can be made of. A list as the value of a record gives several lines of that name. */
export type HeadersLike =
  HttpHeaders | Iterable<HeaderPair> | Readonly<Record<string, string | readonly string[]>>;

const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const NOT_A_VALUE = /[^\t\x20-\x7e\x80-\xff]/;

/** True for a token, what names of fields and methods are made of (RFC 9110 §5.6.2). */
export function isToken(text: string): boolean {
  return TOKEN.test(text);
}

/** True for what the value of a field can be, and a reason phrase: one character per byte, no control but the tab (RFC 9110 §5.5). */
export function isFieldValue(text: string): boolean {
  return !NOT_A_VALUE.test(text);
}

/** Header fields in the order, case and number in which they came off the wire (RFC 9110 §5). Look-ups ignore case. */
export class HttpHeaders implements Iterable<HeaderPair> {
  #lines: HeaderPair[] | undefined;
  #source: HeaderSource | undefined;
  /** Copies have the same list, until one of them changes. */
  #isShared = false;
  #frozen = false;

  constructor(init?: HeadersLike) {
    if (init === undefined) return;
    if (init instanceof HttpHeaders) {
      this.#lines = init.#pairs;
      this.#isShared = init.#isShared = true;
    } else this.#lines = [...pairsOf(init)].map(([name, value]) => checked(name, value));
  }

  /** From Node's flat list, `[name, value, name, value …]`, unchecked: for what a parser has already accepted. */
  static fromRaw(raw: readonly string[]): HttpHeaders {
    const pairs: HeaderPair[] = [];
    for (let i = 0; i + 1 < raw.length; i += 2) pairs.push([raw[i]!, raw[i + 1]!]);
    return HttpHeaders.#of(pairs);
  }

  /** From pairs that were checked before. They are kept as they are: headers that repeat can share them. */
  static fromPairs(pairs: readonly HeaderPair[]): HttpHeaders {
    return HttpHeaders.#of(pairs.slice());
  }

  static #of(pairs: HeaderPair[]): HttpHeaders {
    return new HttpHeaders().#take(pairs);
  }

  /** Lines that `source` is asked for when somebody wants to see one. */
  static fromSource(source: HeaderSource): HttpHeaders {
    const headers = new HttpHeaders();
    headers.#source = source;
    return headers;
  }

  get #pairs(): HeaderPair[] {
    return this.#lines ?? this.#read();
  }

  #read(): HeaderPair[] {
    this.#lines = [...(this.#source?.pairs() ?? [])];
    this.#source = undefined;
    return this.#lines;
  }

  /** Node's flat list, `[name, value, name, value …]`. */
  toRaw(): string[] {
    const raw: string[] = [];
    for (const pair of this.#pairs) raw.push(pair[0], pair[1]);
    return raw;
  }

  /** The number of field lines. */
  get size(): number {
    return this.#pairs.length;
  }

  /** The value of the only or first line of that name; undefined when there is none. */
  get(name: string): string | undefined {
    const key = name.toLowerCase();
    for (const pair of this.#pairs) if (sameName(pair[0], key)) return pair[1];
    return undefined;
  }

  /** The values of all lines of that name, in order. */
  getAll(name: string): string[] {
    const key = name.toLowerCase();
    const values: string[] = [];
    for (const pair of this.#pairs) if (sameName(pair[0], key)) values.push(pair[1]);
    return values;
  }

  /** All lines of that name as one value, joined as RFC 9110 §5.3 allows (`Cookie`: by `; `, RFC 6265 §5.4). */
  folded(name: string): string | undefined {
    const key = name.toLowerCase();
    let value: string | undefined;
    for (const pair of this.#pairs) {
      if (!sameName(pair[0], key)) continue;
      value = value === undefined ? pair[1] : `${value}${key === 'cookie' ? '; ' : ', '}${pair[1]}`;
    }
    return value;
  }

  has(name: string): boolean {
    return this.get(name) !== undefined;
  }

  /** One line of that name with this value, where the first one stood; at the end if there was none. */
  set(name: string, value: string): this {
    this.#assertOpen();
    const pair = checked(name, value);
    const key = name.toLowerCase();
    const pairs: HeaderPair[] = [];
    let isSet = false;
    for (const other of this.#pairs) {
      if (!sameName(other[0], key)) pairs.push(other);
      else if (!isSet) isSet = pairs.push([other[0], value]) > 0;
    }
    if (!isSet) pairs.push(pair);
    return this.#take(pairs);
  }

  /** One more line at the end. */
  append(name: string, value: string): this {
    this.#assertOpen();
    const pair = checked(name, value);
    if (this.#isShared) this.#take(this.#pairs.slice());
    this.#pairs.push(pair);
    return this;
  }

  /** Takes out every line of that name; true if there was one. */
  delete(name: string): boolean {
    this.#assertOpen();
    const key = name.toLowerCase();
    if (!this.has(key)) return false;
    this.#take(this.#pairs.filter((pair) => !sameName(pair[0], key)));
    return true;
  }

  /** Each line's value through `change`, in place; null takes the line out. */
  rewrite(change: (name: string, value: string) => string | null): this {
    this.#assertOpen();
    let isChanged = false;
    const pairs: HeaderPair[] = [];
    for (const pair of this.#pairs) {
      const next = change(pair[0], pair[1]);
      const isSame = next === pair[1];
      if (!isSame) isChanged = true;
      if (next !== null) pairs.push(isSame ? pair : checked(pair[0], next));
    }
    return isChanged ? this.#take(pairs) : this;
  }

  /** True when neither has changed since one of them was cloned from the other, or both from a third. */
  isCopyOf(other: HttpHeaders): boolean {
    return this.#pairs === other.#pairs;
  }

  /** A copy that can be changed without touching this one. */
  clone(): HttpHeaders {
    return new HttpHeaders(this);
  }

  /** From now on every change throws. */
  freeze(): this {
    this.#frozen = true;
    return this;
  }

  [Symbol.iterator](): Iterator<HeaderPair> {
    return this.#pairs[Symbol.iterator]();
  }

  toJSON(): HeaderPair[] {
    return this.#pairs.slice();
  }

  #take(pairs: HeaderPair[]): this {
    this.#lines = pairs;
    this.#isShared = false;
    return this;
  }

  #assertOpen(): void {
    if (this.#frozen)
      throw new TypeError('these headers are frozen: change a clone() of the message instead');
  }
}

function pairsOf(init: Exclude<HeadersLike, HttpHeaders>): Iterable<HeaderPair> {
  if (Symbol.iterator in init) return init as Iterable<HeaderPair>;
  return Object.entries(init).flatMap(([name, value]) =>
    typeof value === 'string' ? [[name, value] as const] : value.map((one) => [name, one] as const),
  );
}

function checked(name: string, value: string): HeaderPair {
  if (!isToken(name)) throw new TypeError(`${JSON.stringify(name)} is no header name (RFC 9110 §5.1)`);
  if (!isFieldValue(value)) {
    throw new TypeError(`the value of header ${name} holds a character that no header may (RFC 9110 §5.5)`);
  }
  return [name, value];
}

function sameName(name: string, lowerCase: string): boolean {
  return name.length === lowerCase.length && (name === lowerCase || name.toLowerCase() === lowerCase);
}
