/** A word as a POSIX shell reads it back: as it is, or in single quotes (POSIX.1-2024, Shell Command Language §2.2.2). */
export function shellQuote(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
