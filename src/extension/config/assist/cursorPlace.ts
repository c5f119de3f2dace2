import { type FlowPlace, flowPlace, type Step } from './flowPlace.ts';
import { type OutlineNode, outlineOf, partsOf, within, withoutComment } from './yamlOutline.ts';

/** What is written, or can be, at a place of a configuration. */
export interface CursorPlace {
  /** A key of a map, or a value: of a key, or of a list. */
  readonly kind: 'key' | 'value';
  /** The way to the map of the key, or to the value. */
  readonly steps: readonly Step[];
  /** The keys that the map has already, for a key. */
  readonly taken: ReadonlyMap<string, string>;
  /** Line, and columns of the word that is being written. */
  readonly line: number;
  readonly from: number;
  readonly to: number;
  readonly word: string;
  /** The column of the map's keys: lines that belong to a new key are two further in. */
  readonly column: number;
  readonly inFlow: boolean;
  /** Whether the key has its colon already. */
  readonly hasColon: boolean;
}

/**
 * The place of the cursor in a text that may not be valid YAML yet.
 * @returns undefined where nothing can be written: in comments, texts of several lines, and where the indentation does
 *   not fit
 */
export function cursorPlace(text: string, line: number, character: number): CursorPlace | undefined {
  const lines = text.split(/\r?\n/);
  const written = lines[line] ?? '';
  const before = written.slice(0, character);
  if (/^\s*#|\s#/.test(before.replace(/"(?:[^"\\]|\\.)*"|'[^']*'/g, '')) || before.includes('\t')) return undefined;
  const { open, inside } = outlineOf(lines, line);
  if (inside?.kind === 'block') return undefined;
  if (inside?.kind === 'flow') {
    const flow = [...lines.slice(inside.line, line), before].join('\n').slice(inside.column);
    return fromFlow(flowPlace(flow, written.slice(character)), stepsTo(inside.node), line, character, written);
  }
  return onLine({ written, before, line, character, open });
}

interface OnLine {
  readonly written: string;
  readonly before: string;
  readonly line: number;
  readonly character: number;
  readonly open: readonly OutlineNode[];
}

function onLine({ written, before, line, character, open }: OnLine): CursorPlace | undefined {
  const parts = partsOf(written);
  const isBlank = written.trim() === '';
  let column = isBlank ? character : parts.indent;
  let around = [...open];
  for (const dash of parts.dashes) {
    around = within(around, column, true);
    if (!mayHold(around.at(-1), column, true)) return undefined;
    const item = around.at(-1)?.children.find((one) => one.line === line && one.column === column);
    if (item === undefined) return undefined;
    around = [...around, item];
    column += dash;
  }
  if (character < column) return undefined;
  const start = column;
  const isItem = parts.dashes.length > 0;
  if (!isItem) around = within(around, column, false);
  const holder = around.at(-1);
  if (parts.key !== undefined) {
    const colon = written.indexOf(':', start + parts.key.length);
    const from = colon + 1 + (/^ */.exec(written.slice(colon + 1))?.[0].length ?? 0);
    if (character > colon) {
      if (character === colon + 1 || written[colon + 1] !== ' ') return undefined;
      const map = childrenOf(holder, line);
      const steps = [...stepsTo(holder), { key: parts.key, beside: map }];
      return valueAt({ steps, written, from: Math.min(from, character), line, character, column: start });
    }
    if (!mayHold(holder, start, false)) return undefined;
    const to = start + written.slice(start, colon).trimEnd().length;
    return keyAt({ holder, line, from: start, to, character, written, hasColon: true });
  }
  if (isItem && /^[[{"']/.test(written.slice(start)))
    return valueAt({ steps: stepsTo(holder), written, from: start, line, character, column: start });
  if (!isItem && !mayHold(holder, start, false)) return undefined;
  const word = written.slice(start, character);
  if (/[\s:,[\]{}"'&*!|>]/.test(word) && !isItem) return undefined;
  const to = start + (/^\S*/.exec(written.slice(start))?.[0].length ?? 0);
  if (isItem && /\s/.test(written.slice(start).trim()))
    return valueAt({ steps: stepsTo(holder), written, from: start, line, character, column: start });
  return before.length < start
    ? undefined
    : keyAt({ holder, line, from: start, to, character, written, hasColon: false });
}

function keyAt(at: {
  holder: OutlineNode | undefined;
  line: number;
  from: number;
  to: number;
  character: number;
  written: string;
  hasColon: boolean;
}): CursorPlace {
  const { holder, line, from, to, character, written, hasColon } = at;
  return {
    kind: 'key',
    steps: stepsTo(holder),
    taken: childrenOf(holder, line),
    line,
    from,
    to: Math.max(to, character),
    word: written.slice(from, character),
    column: from,
    inFlow: false,
    hasColon,
  };
}

function valueAt(at: {
  steps: readonly Step[];
  written: string;
  from: number;
  line: number;
  character: number;
  column: number;
}): CursorPlace | undefined {
  const { steps, written, from, line, character, column } = at;
  const value = withoutComment(written.slice(from));
  if (/^[[{]/.test(value) && character > from)
    return fromFlow(
      flowPlace(written.slice(from, character), written.slice(character)),
      steps,
      line,
      character,
      written,
    );
  // Behind a closed text, and in anchors, tags and texts of several lines, nothing follows.
  if (character > from + value.length && value !== '') return undefined;
  if (/^[|>&*!]/.test(value)) return undefined;
  const to = from + value.length;
  const word = written.slice(from, character);
  return {
    kind: 'value',
    steps,
    taken: new Map(),
    line,
    from,
    to: Math.max(to, character),
    word,
    column,
    inFlow: false,
    hasColon: false,
  };
}

function fromFlow(
  flow: FlowPlace | undefined,
  above: readonly Step[],
  line: number,
  character: number,
  written: string,
): CursorPlace | undefined {
  if (flow === undefined) return undefined;
  const { kind, steps, taken, word, rest, hasColon } = flow;
  const from = character - word.length;
  if (from < 0 || word.includes('\n')) return undefined;
  const column = /^ */.exec(written)?.[0].length ?? 0;
  const to = character + rest.length;
  return { kind, steps: [...above, ...steps], taken, line, from, to, word, column, inFlow: true, hasColon };
}

/** Whether a key or an item can be in a node: it has no value beside, and its other parts begin at the same column. */
function mayHold(node: OutlineNode | undefined, column: number, isItem: boolean): boolean {
  if (node === undefined) return false;
  if (node.value !== '' && !/^&\S+$/.test(node.value)) return false;
  return node.children.every((child) => child.column === column && (child.key === undefined) === isItem);
}

/** The keys of a node with their values, but for those of a line. */
function childrenOf(node: OutlineNode | undefined, line: number): ReadonlyMap<string, string> {
  const children = node?.children.filter((child) => child.line !== line || child.key === undefined) ?? [];
  return new Map(children.flatMap(({ key, value }) => (key === undefined ? [] : [[key, value] as const])));
}

function stepsTo(node: OutlineNode | undefined): Step[] {
  if (node === undefined || node.column < 0) return [];
  return [...stepsTo(node.parent), { key: node.key, beside: childrenOf(node.parent, node.line) }];
}
