import { relative, isAbsolute } from 'node:path';

/** The path as a message shows it: relative to `cwd` when the file lies below it, else absolute. */
export function displayPath(file: string, cwd: string): string {
  const path = relative(cwd, file);
  return path === '' || path.startsWith('..') || isAbsolute(path) ? file : path;
}

/** `line:col` of an offset in a text, both counted from 1. */
export function lineAndColumn(text: string, offset: number): string {
  const before = text.slice(0, offset);
  const line = before.split('\n').length;
  return `${line}:${offset - before.lastIndexOf('\n')}`;
}

/** `:line:col` of the first import of `specifier` in a source text; empty when it is not written there literally. */
export function importPosition(text: string, specifier: string): string {
  const literal = specifier.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const found = new RegExp(`(?:\\bfrom|\\bimport|\\brequire)\\s*\\(?\\s*(['"\`])${literal}\\1`).exec(text);
  if (!found) return '';
  return `:${lineAndColumn(text, found.index + found[0].length - specifier.length - 2)}`;
}
