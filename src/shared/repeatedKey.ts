/** Strings, the brackets of objects and lists, and colons. */
const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\]]|:/g;

/**
 * Finds a key that an object in a JSON text has twice. JSON.parse silently drops the first of the two.
 * @param text valid JSON
 * @returns the key, and the offset of its second occurrence
 */
export function repeatedKey(text: string): { key: string; offset: number } | undefined {
  /** The keys of the objects and lists that are open. Those of a list stay empty. */
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
