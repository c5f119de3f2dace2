/** Texts, and what opens, closes and separates objects and lists. */
const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\]]|:/g;

/**
 * A key that an object of a JSON text has twice: JSON.parse drops the first of the two without a word.
 * @param text valid JSON
 * @returns the key, and where its second one is
 */
export function repeatedKey(text: string): { key: string; offset: number } | undefined {
  /** Keys of the objects that are open; a list has none. */
  const open: Set<string>[] = [];
  let last: RegExpExecArray | undefined;
  for (const token of text.matchAll(TOKEN)) {
    if (token[0] === '{' || token[0] === '[') open.push(new Set());
    else if (token[0] === '}' || token[0] === ']') open.pop();
    else if (token[0] === ':' && last) {
      const key: string = JSON.parse(last[0]);
      const keys = open.at(-1);
      if (keys?.has(key)) return { key, offset: last.index };
      keys?.add(key);
    } else last = token;
  }
  return undefined;
}
