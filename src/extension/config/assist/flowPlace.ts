/** One step from the top to a place: a key with the texts in the map around it, or an item of a list. */
export interface Step {
  /** Undefined for an item. */
  readonly key: string | undefined;
  /** The other keys of the map, with their values. */
  readonly beside: ReadonlyMap<string, string>;
}

/** The place of the cursor in a value in braces or brackets. */
export interface FlowPlace {
  readonly kind: 'key' | 'value';
  readonly steps: readonly Step[];
  readonly taken: ReadonlyMap<string, string>;
  /** What is written of the word before the cursor, and behind it. */
  readonly word: string;
  readonly rest: string;
  readonly hasColon: boolean;
}

/** A map or a list that is open. */
interface Open {
  readonly isMap: boolean;
  readonly entries: Map<string, string>;
  /** The key whose value is being read. */
  key: string | undefined;
  /** The text since the last sign. */
  text: string;
}

const TOKEN = /"(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[[\]{},]|:(?=\s|$)|#[^\n]*|[^[\]{},:#"']+|./gs;

/**
 * @param before the text from the first bracket to the cursor
 * @param after the text behind the cursor, in its line
 * @returns undefined behind the last bracket, and in a quoted text that is not closed
 */
export function flowPlace(before: string, after: string): FlowPlace | undefined {
  const open: Open[] = [];
  for (const [token] of before.matchAll(TOKEN)) {
    const top = open.at(-1);
    if (token === '{' || token === '[')
      open.push({ isMap: token === '{', entries: new Map(), key: undefined, text: '' });
    else if (token === '}' || token === ']') {
      open.pop();
      const around = open.at(-1);
      if (around !== undefined) around.text = '{}';
    } else if (top === undefined) return undefined;
    else if (token === ',') {
      closeEntry(top);
    } else if (token === ':' && top.isMap && top.key === undefined) {
      top.key = top.text.trim().replace(/^(["'])(.*)\1$/, '$2');
      top.text = '';
    } else top.text += token;
  }
  const top = open.at(-1);
  if (top === undefined) return undefined;
  const word = top.text.trimStart();
  const isKey = top.isMap && top.key === undefined;
  if (word.endsWith('{}') || (isKey && /[\s"']/.test(word))) return undefined;
  const rest = (isKey ? /^[^\s:,[\]{}]*/ : /^[^,\]}#\n]*/).exec(after)?.[0].trimEnd() ?? '';
  const steps = open.flatMap(({ isMap, key, entries }): Step[] => {
    if (!isMap) return [{ key: undefined, beside: new Map() }];
    return key === undefined ? [] : [{ key, beside: new Map([...entries, ...entriesIn(after)]) }];
  });
  return {
    kind: isKey ? 'key' : 'value',
    steps,
    taken: new Map([...top.entries, ...entriesIn(after.slice(rest.length))]),
    word,
    rest,
    hasColon: /^\s*:/.test(after.slice(rest.length)),
  };
}

function closeEntry(top: Open): void {
  const text = top.text.trim();
  if (top.key !== undefined) top.entries.set(top.key, text);
  top.key = undefined;
  top.text = '';
}

/** The keys in the rest of a map on the line, up to its end. */
function entriesIn(after: string): [string, string][] {
  const rest = after.split(/[{}]/, 1)[0] ?? '';
  return [...rest.matchAll(/,\s*["']?([\w.-]+)["']?\s*:\s*([^,]*)/g)].map(([, key = '', value = '']) => [
    key,
    value.trim(),
  ]);
}
