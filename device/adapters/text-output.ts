/** Where text goes: a terminal, a pipe, a list in a test. */
export interface TextOutput {
  write(text: string): unknown;
}

/** Text for a terminal: whatever could move its cursor or change its state becomes a visible mark (T8). */
export function printable(text: string): string {
  return text.replace(/[\p{C}\u2028\u2029]/gu, '\u00b7');
}
