/**
 * A text without its middle, if it is longer than this.
 * @param length characters
 */
export function shortened(text: string, length: number): string {
  if (text.length <= length) return text;
  const left = Math.ceil((length - 1) / 2);
  return `${text.slice(0, left)}…${text.slice(text.length - (length - 1 - left))}`;
}
