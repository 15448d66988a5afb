/** A stretch of text, from `start` up to `end`. */
export interface Slice {
  readonly start: number;
  readonly end: number;
}

const MARK = /["{}[\],:]/g;

/**
 * Where in the text of a HAR that `JSON.parse` has accepted each entry of `log.entries` lies. When a key occurs twice, the last
 * one counts, as in `JSON.parse`.
 */
export function locateEntries(text: string): Slice[] {
  let found: Slice[] = [];
  let depth = 0;
  let key = '';
  let inLog = false;
  let inEntries = false;
  let start = -1;
  let entries: Slice[] = [];
  const finish = (end: number): void => {
    const slice = trimmed(text, start, end);
    if (slice.end > slice.start) entries.push(slice);
  };

  MARK.lastIndex = 0;
  for (let hit = MARK.exec(text); hit !== null; hit = MARK.exec(text)) {
    const at = hit.index;
    switch (text[at]) {
      case '"': {
        const end = endOfString(text, at);
        if (depth === 1 || (depth === 2 && inLog)) key = text.slice(at, end);
        MARK.lastIndex = end;
        break;
      }
      case '{':
      case '[':
        depth++;
        if (depth === 2) inLog = isKey(key, 'log') && text[at] === '{';
        if (depth === 3 && inLog && isKey(key, 'entries') && text[at] === '[') {
          inEntries = true;
          entries = [];
          start = at + 1;
        }
        break;
      case '}':
      case ']':
        if (depth === 3 && inEntries) {
          finish(at);
          found = entries;
          inEntries = false;
        }
        depth--;
        break;
      case ',':
        if (depth === 3 && inEntries) {
          finish(at);
          start = at + 1;
        } else if (depth === 1) key = '';
        break;
    }
  }
  return found;
}

/** JSON text on one line: a line break is never inside a string, so it can go, with the indentation after it. */
export function onOneLine(json: string): string {
  return json.replace(/[\r\n][ \t\r\n]*/g, '');
}

function isKey(source: string, name: string): boolean {
  return source === `"${name}"` || (source.includes('\\') && JSON.parse(source) === name);
}

function endOfString(text: string, open: number): number {
  for (let at = text.indexOf('"', open + 1); at >= 0; at = text.indexOf('"', at + 1)) {
    let slashes = 0;
    while (text[at - 1 - slashes] === '\\') slashes++;
    if (slashes % 2 === 0) return at + 1;
  }
  return text.length;
}

function trimmed(text: string, start: number, end: number): Slice {
  while (start < end && ' \t\r\n'.includes(text[start]!)) start++;
  while (end > start && ' \t\r\n'.includes(text[end - 1]!)) end--;
  return { start, end };
}
