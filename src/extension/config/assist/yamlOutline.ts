/**
 * The outline of a YAML text that is being typed and may not be valid yet: keys and items of lists by their columns.
 * Values in braces, brackets and block scalars are one value each.
 */

/** A key or an item of a list. */
export interface OutlineNode {
  /** Undefined for an item. */
  readonly key: string | undefined;
  readonly line: number;
  readonly column: number;
  /** What is written behind the colon, without a comment. */
  readonly value: string;
  readonly parent: OutlineNode | undefined;
  readonly children: OutlineNode[];
}

/** A value that goes on over several lines: in brackets, or as a block scalar. */
interface LongValue {
  readonly kind: 'flow' | 'block';
  /** The line and column that it begins at. */
  readonly line: number;
  readonly column: number;
  /** The column of its key: a block scalar is further in. */
  readonly keyColumn: number;
  readonly node: OutlineNode | undefined;
}

export interface Outline {
  readonly root: OutlineNode;
  /** The keys and items that are open before the line, from the outermost one. */
  readonly open: readonly OutlineNode[];
  /** The value around the line's beginning. */
  readonly inside: LongValue | undefined;
}

/** A line's parts: `  - - key: value # comment`. */
const QUOTED = String.raw`"(?:[^"\\]|\\.)*"|'[^']*'`;
const PLAIN = String.raw`[^\s#:,[\]{}"'&*!|>%@${'`'}-][^#:]*?|-[^\s#:][^#:]*?`;
const LINE = new RegExp(`^( *)((?:- +|-$)*)(?:(${QUOTED}|${PLAIN}) *:(?= |$) *(.*))?(.*)$`);

/** @param at the line whose surroundings are wanted */
export function outlineOf(lines: readonly string[], at: number): Outline {
  const root: OutlineNode = { key: undefined, line: -1, column: -1, value: '', parent: undefined, children: [] };
  let open: OutlineNode[] = [root];
  let before: { open: readonly OutlineNode[]; inside: LongValue | undefined } = { open: [root], inside: undefined };
  let inside: LongValue | undefined;
  for (const [number, line] of lines.entries()) {
    if (inside?.kind === 'block' && line.trim() !== '' && indentOf(line) <= inside.keyColumn) inside = undefined;
    if (number === at) before = { open: [...open], inside };
    if (inside?.kind === 'flow') {
      const text = lines
        .slice(inside.line, number + 1)
        .join('\n')
        .slice(inside.column);
      if (!isOpenFlow(text)) inside = undefined;
      continue;
    }
    if (inside !== undefined || /^\s*(#|$)/.test(line)) continue;
    open = nodesOf(line, number, open);
    const node = open.at(-1);
    const value = node?.line === number ? node.value : '';
    const column = line.indexOf(value, (node?.column ?? 0) + (node?.key?.length ?? 0));
    const long = { line: number, column, keyColumn: node?.column ?? 0, node };
    if (/^[|>][+-]?\d?[+-]?$/.test(value)) inside = { kind: 'block', ...long };
    else if (/^[[{]/.test(value) && isOpenFlow(value)) inside = { kind: 'flow', ...long };
  }
  return { root, ...before };
}

/** The open nodes after a line. */
function nodesOf(line: string, number: number, above: readonly OutlineNode[]): OutlineNode[] {
  const { indent, dashes, key, value } = partsOf(line);
  let open = [...above];
  let column = indent;
  for (const dash of dashes) {
    open = within(open, column, true);
    open = [...open, added(open, { key: undefined, line: number, column, value: '' })];
    column += dash;
  }
  if (key === undefined) {
    const [last] = open.slice(-1);
    // The text of an item.
    if (dashes.length > 0 && last !== undefined) Object.assign(last, { value });
    return open;
  }
  open = within(open, column, false);
  return [...open, added(open, { key, line: number, column, value })];
}

function added(open: readonly OutlineNode[], node: Omit<OutlineNode, 'parent' | 'children'>): OutlineNode {
  const parent = open.at(-1);
  const made: OutlineNode = { ...node, parent, children: [] };
  parent?.children.push(made);
  return made;
}

/** The nodes that a key or an item at a column is in. A list may begin at the column of its key. */
export function within(open: readonly OutlineNode[], column: number, isItem: boolean): OutlineNode[] {
  return open.filter((node) => node.column < column || (isItem && node.column === column && node.key !== undefined));
}

/** Splits a line. `dashes` has the width of each dash with its spaces. */
export function partsOf(line: string): {
  indent: number;
  dashes: number[];
  key: string | undefined;
  value: string;
} {
  const [, spaces = '', marks = '', key, value = '', rest = ''] = LINE.exec(line) ?? [];
  return {
    indent: spaces.length,
    dashes: [...marks.matchAll(/- *|-$/g)].map(([mark]) => mark.length),
    key: key?.replace(/^(["'])(.*)\1$/, '$2'),
    value: withoutComment(key === undefined ? rest : value),
  };
}

/** A value without the comment behind it. */
export function withoutComment(text: string): string {
  const quoted = /^("(?:[^"\\]|\\.)*"|'(?:[^']|'')*')/.exec(text)?.[1];
  return quoted ?? text.replace(/(^|\s)#.*$/s, '').trimEnd();
}

const indentOf = (line: string): number => /^ */.exec(line)?.[0].length ?? 0;

/** Whether brackets in a text are left open. */
function isOpenFlow(text: string): boolean {
  const bare = text.replace(/"(?:[^"\\]|\\.)*"|'[^']*'|(?:^|\s)#.*$/gm, '');
  return (bare.match(/[[{]/g)?.length ?? 0) > (bare.match(/[\]}]/g)?.length ?? 0);
}
