/**
 * Bytes of a header block: its start line, its field lines with one space behind each colon, and the empty line. Parsers that
 * count names and values only let through several times as much in short lines.
 */
export function headerBlockLength(startLine: string, rawHeaders: readonly string[]): number {
  const lines = rawHeaders.reduce((sum, { length }) => sum + length + 2, 0);
  return startLine.length + 2 + lines + 2;
}
