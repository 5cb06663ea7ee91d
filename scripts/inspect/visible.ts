/** Text of others for a terminal: controls, format characters (bidi among them) and odd separators as escapes (T8). */
export function visible(text: string): string {
  return text.replace(/[\p{C}\p{Zl}\p{Zp}]/gu, (character) => {
    // JSON has no longer form; a character beyond the first plane is two escapes in it.
    return Array.from(
      { length: character.length },
      (_, i) => `\\u${character.charCodeAt(i).toString(16).padStart(4, '0')}`,
    ).join('');
  });
}
