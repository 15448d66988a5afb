/** Where and why a text is no JSON (RFC 8259); line and column count from 1. */
export interface JsonFlaw {
  readonly offset: number;
  readonly line: number;
  readonly column: number;
  readonly problem: string;
}

const BLANK = /[ \t\r\n]*/y;
// eslint-disable-next-line no-control-regex -- RFC 8259 §7 keeps exactly these out of strings
const PLAIN = /[^"\\\x00-\x1f]*/y;
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;
const SCALAR = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;

type Expected = 'value' | 'value or ]' | 'key' | 'key or }' | ':' | ', or end' | 'end';

/**
 * The first flaw of a text that `JSON.parse` refused; undefined when there is none. Node's own message often lacks the place.
 * Keeps its nesting on the heap, so no depth of brackets overflows the stack.
 */
export function findJsonFlaw(text: string): JsonFlaw | undefined {
  const open: string[] = [];
  let expected: Expected = 'value';
  let at = 0;
  const skip = (pattern: RegExp): boolean => {
    pattern.lastIndex = at;
    const found = pattern.test(text);
    if (found) at = pattern.lastIndex;
    return found;
  };
  const string = (): string | undefined => {
    at++;
    for (;;) {
      skip(PLAIN);
      if (text[at] === '"') break;
      if (at >= text.length) return 'the text ends inside a string';
      if (text[at] === '\\' ? !skip(ESCAPE) : true) return `${name(text, at)} inside a string`;
    }
    at++;
    return undefined;
  };
  const afterValue = (): Expected => (open.length > 0 ? ', or end' : 'end');

  for (;;) {
    skip(BLANK);
    const c = text[at];
    if (c === undefined) return expected === 'end' ? undefined : flaw(text, at, 'the text ends too early');
    if (expected === ':' && c === ':') {
      at++;
      expected = 'value';
    } else if (expected === ', or end' && c === ',') {
      at++;
      expected = open.at(-1) === '}' ? 'key' : 'value';
    } else if ((expected === ', or end' || expected.includes(' or ')) && c === open.at(-1)) {
      at++;
      open.pop();
      expected = afterValue();
    } else if (expected.startsWith('key') && c === '"') {
      const problem = string();
      if (problem !== undefined) return flaw(text, at, problem);
      expected = ':';
    } else if (expected.startsWith('value') && (c === '{' || c === '[')) {
      at++;
      open.push(c === '{' ? '}' : ']');
      expected = c === '{' ? 'key or }' : 'value or ]';
    } else if (expected.startsWith('value') && c === '"') {
      const problem = string();
      if (problem !== undefined) return flaw(text, at, problem);
      expected = afterValue();
    } else if (expected.startsWith('value') && skip(SCALAR)) {
      expected = afterValue();
    } else {
      const wanted =
        expected === ', or end'
          ? `, or ${open.at(-1)}`
          : expected.replace(/^(?=value|key)/, 'a ').replace(/^end$/, 'the end');
      return flaw(text, at, `${name(text, at)} where ${wanted} should be`);
    }
  }
}

/** Line and column, from 1, of an offset. */
export function placeOf(text: string, offset: number): { line: number; column: number } {
  let line = 1;
  let start = 0;
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) {
    line++;
    start = at + 1;
  }
  return { line, column: offset - start + 1 };
}

function flaw(text: string, offset: number, problem: string): JsonFlaw {
  return { offset, ...placeOf(text, offset), problem };
}

function name(text: string, at: number): string {
  const c = String.fromCodePoint(text.codePointAt(at)!);
  return c === '"'
    ? 'a quote'
    : /[!-~]/.test(c)
      ? c
      : `character U+${c.codePointAt(0)!.toString(16).padStart(4, '0')}`;
}
