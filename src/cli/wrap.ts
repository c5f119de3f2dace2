import { stripVTControlCharacters } from 'node:util';

/**
 * Breaks a line between words. A word that is longer than a line, such as an address, stays whole: terminals make links
 * of it. So does a command in backticks, to be copied.
 * @param text may have colours, which take no columns
 * @param room columns of a line
 * @param hang how much further than the first line the next ones are indented, in columns
 */
export function wrap(text: string, room: number, hang = 0): string[] {
  if (columnsOf(text) <= room) return [text];
  const indent = /^ */.exec(text)?.[0].length ?? 0;
  const next = ' '.repeat(indent + hang);
  const lines: string[] = [];
  let line = '';
  let columns = 0;
  for (const word of wordsOf(text.slice(indent))) {
    const width = columnsOf(word);
    if (line !== '' && columns + 1 + width > room) {
      lines.push(line.trimEnd());
      line = '';
    }
    const before = line !== '' ? ' ' : lines.length === 0 ? ' '.repeat(indent) : next;
    columns = (line === '' ? 0 : columns) + before.length + width;
    line += before + word;
  }
  return [...lines, line];
}

/** Two spaces in a row give an empty word. */
function wordsOf(text: string): string[] {
  const words: string[] = [];
  let isOpen = false;
  for (const part of text.split(' ')) {
    if (isOpen) words.push(`${words.pop()} ${part}`);
    else words.push(part);
    if ((part.match(/`/g)?.length ?? 0) % 2 === 1) isOpen = !isOpen;
  }
  // A backtick that is never closed, as in a shell command, is none.
  return isOpen ? text.split(' ') : words;
}

export const columnsOf = (text: string): number => stripVTControlCharacters(text).length;
