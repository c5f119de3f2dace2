import type { Node } from 'jsonc-parser';
import type { TextEdit } from './textEdit.ts';

/**
 * Edits of a JSON text that touch nothing but the elements they are about. Other libraries find a property by its key,
 * and so the wrong one of two with the same key; these take a node of the parsed text.
 */

const endOf = ({ offset, length }: Node): number => offset + length;
const childrenOf = (parent: Node): readonly Node[] => parent.children ?? [];

/** Removes elements of an array or object, each with one comma. */
export function removeChildren(text: string, parent: Node, indexes: readonly number[]): TextEdit[] {
  const children = childrenOf(parent);
  const removed = new Set(indexes);
  if (children.length > 0 && children.every((_, index) => removed.has(index))) {
    const first = parent.offset + 1;
    return [{ offset: first, length: endOf(parent) - 1 - first, text: '' }];
  }
  const edits: TextEdit[] = [];
  for (let index = 0; index < children.length; index += 1) {
    if (!removed.has(index)) continue;
    let last = index;
    while (removed.has(last + 1)) last += 1;
    const before = children[index - 1];
    const after = children[last + 1];
    // With what is before them; the first ones, with what is between them and the next one.
    const start = before === undefined ? (children[index]?.offset ?? 0) : endOf(before);
    const end = before === undefined ? (after?.offset ?? start) : endOf(children[last] ?? parent);
    edits.push({ offset: start, length: end - start, text: '' });
    index = last;
  }
  return edits.filter(({ offset, length }) => text.length >= offset + length);
}

/**
 * Inserts an element into an array or object, in the style of its neighbours.
 * @param index of the child that comes after it; the number of children for the last place
 * @param write the element, given the indentation of its line; undefined if it is on the line of others
 */
export function insertChild(
  text: string,
  parent: Node,
  index: number,
  write: (indent: string | undefined) => string,
): TextEdit {
  const children = childrenOf(parent);
  const [first] = children;
  if (first === undefined) return insertFirst(text, parent, write);
  const gap = text.slice(parent.offset + 1, first.offset);
  const isInLines = gap.includes('\n');
  const indent = isInLines ? gap.slice(gap.lastIndexOf('\n') + 1) : undefined;
  const separator = isInLines ? `${gap.includes('\r\n') ? '\r\n' : '\n'}${indent}` : spaceBetween(text, children);
  const element = write(indent);
  const before = children[index - 1];
  return before === undefined
    ? { offset: first.offset, length: 0, text: `${element},${separator}` }
    : { offset: endOf(before), length: 0, text: `,${separator}${element}` };
}

/** Into an empty object on lines of its own, into an empty array on the same line. */
function insertFirst(text: string, parent: Node, write: (indent: string | undefined) => string): TextEdit {
  const offset = parent.offset + 1;
  const length = endOf(parent) - 1 - offset;
  if (parent.type === 'array') return { offset, length, text: write(undefined) };
  const lineEnd = text.includes('\r\n') ? '\r\n' : '\n';
  const line = text.slice(0, parent.offset).split('\n').at(-1) ?? '';
  const outer = /^[ \t]*/.exec(line)?.[0] ?? '';
  const indent = `${outer}${unitOf(text)}`;
  return { offset, length, text: `${lineEnd}${indent}${write(indent)}${lineEnd}${outer}` };
}

function spaceBetween(text: string, [first, second]: readonly Node[]): string {
  if (first === undefined || second === undefined) return ' ';
  const between = text.slice(endOf(first), second.offset);
  return between.slice(between.indexOf(',') + 1).replace(/[\r\n]/g, '') || (between.includes('\n') ? ' ' : '');
}

/** One step of indentation: that of the first indented line, else two spaces. */
export function unitOf(text: string): string {
  const [, indent = '  '] = /\n([ \t]+)\S/.exec(text) ?? [];
  return indent;
}
