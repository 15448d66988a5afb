/** Everything that would end the attribute or the header line that it is written into. */
// eslint-disable-next-line no-control-regex -- control characters are what it looks for
const UNWRITABLE = /[;\x00-\x08\x0a-\x1f\x7f]/;

/**
 * One `Set-Cookie` line, cut as RFC 6265 §5.2 does; immutable.
 *
 * The line is kept as its pieces between the semicolons, so that changing one attribute leaves every other byte alone.
 * No line is refused: one without `=` is a value without a name, as browsers take it.
 */
export class SetCookie {
  /** The first piece is the name and value, the others are attributes, white space included. */
  readonly #pieces: readonly string[];

  private constructor(pieces: readonly string[]) {
    this.#pieces = pieces;
  }

  /** Reads the value of one `Set-Cookie` header line; never throws. */
  static parse(line: string): SetCookie {
    return new SetCookie(line.split(';'));
  }

  /** The cookie's name, `''` if it has none. */
  get name(): string {
    const [before, after] = cut(this.#pieces[0] ?? '');
    return after === undefined ? '' : before;
  }

  /** The cookie's value, quotes included. */
  get value(): string {
    const [before, after] = cut(this.#pieces[0] ?? '');
    return after ?? before;
  }

  /** Names and values of the attributes in the line's order and spelling; `Secure` has the value `undefined`. */
  get attributes(): ReadonlyArray<readonly [name: string, value: string | undefined]> {
    return this.#pieces
      .slice(1)
      .filter((piece) => piece.trim() !== '')
      .map(cut);
  }

  /** The value of an attribute, names ignoring case; the last one counts; `''` for one like `Secure`. */
  get(attribute: string): string | undefined {
    const index = this.#lastIndex(attribute);
    return index === -1 ? undefined : (cut(this.#pieces[index] ?? '')[1] ?? '');
  }

  /**
   * The same line with one attribute changed and nothing else.
   *
   * The value of the last occurrence, the one that counts, is replaced in place; an attribute that is not there is
   * appended (`''`: without `=`, for `Secure`); `null` removes every occurrence.
   * @throws TypeError if the attribute or the value cannot stand in a line (`;`, control characters)
   */
  with(attribute: string, value: string | null): SetCookie {
    if (value === null) {
      return new SetCookie(this.#pieces.filter((piece, index) => index === 0 || !isNamed(piece, attribute)));
    }
    if (attribute.trim() === '' || attribute.includes('=') || UNWRITABLE.test(attribute)) {
      throw new TypeError(
        `${JSON.stringify(attribute)} is no name of a cookie attribute; use letters and hyphens`,
      );
    }
    if (UNWRITABLE.test(value)) {
      throw new TypeError(
        `${JSON.stringify(value)} cannot be the value of ${attribute}; take out semicolons and control characters`,
      );
    }
    const index = this.#lastIndex(attribute);
    if (index === -1) {
      return new SetCookie([...this.#pieces, ` ${attribute.trim()}${value === '' ? '' : `=${value}`}`]);
    }
    return new SetCookie(this.#pieces.with(index, replaceValue(this.#pieces[index] ?? '', value)));
  }

  /** The line; byte for byte the one that was parsed, but for what `with` changed. */
  toString(): string {
    return this.#pieces.join(';');
  }

  #lastIndex(attribute: string): number {
    const index = this.#pieces.findLastIndex((piece) => isNamed(piece, attribute));
    return index === 0 ? -1 : index;
  }
}

function cut(piece: string): [before: string, after: string | undefined] {
  const equals = piece.indexOf('=');
  if (equals === -1) return [piece.trim(), undefined];
  return [piece.slice(0, equals).trim(), piece.slice(equals + 1).trim()];
}

function isNamed(piece: string, attribute: string): boolean {
  return cut(piece)[0].toLowerCase() === attribute.trim().toLowerCase();
}

/** Keeps the name and the white space around the old value. */
function replaceValue(piece: string, value: string): string {
  const equals = piece.indexOf('=');
  if (equals === -1) return value === '' ? piece : `${piece.trimEnd()}=${value}`;
  const old = piece.slice(equals + 1);
  const start = old.length - old.trimStart().length;
  const end = Math.max(start, old.trimEnd().length);
  return piece.slice(0, equals + 1) + old.slice(0, start) + value + old.slice(end);
}
