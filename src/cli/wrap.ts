import { stripVTControlCharacters } from 'node:util';

/**
 * Breaks a line between words. A word that is longer than a line, such as an address, stays whole: terminals make links
 * of it. So does a command in backticks, to be copied.
 * @param text may have colours, which take no columns
 * @param room columns of a line
 * @param hang how much further than the first line the next ones are indented, in columns
 */
export function wrap(text: string, room: number, hang = 0): string[] {
  // Most lines fit, and a pipe takes any: colours are counted only where they matter.
  if (text.length <= room || columnsOf(text) <= room) return [text];
  const [before = '', spaces = ''] = BEGIN.exec(text) ?? [];
  const indent = spaces.length;
  const next = ' '.repeat(indent + hang);
  const lines: string[] = [];
  let line = '';
  let columns = 0;
  for (const word of wordsOf(text.slice(before.length))) {
    const width = columnsOf(word);
    if (line !== '' && columns + 1 + width > room) {
      lines.push(line.trimEnd());
      line = '';
    }
    const gap = line !== '' ? ' ' : lines.length === 0 ? before : next;
    columns = (line === '' ? 0 : columns) + columnsOf(gap) + width;
    line += gap + word;
  }
  return [...lines, line];
}

/** What stands before the first word: a colour, and spaces. */
const BEGIN = /^(?:\x1b\[[\d;]*m)*( *)/;

/** The longest unit with what may stand behind it, in characters. */
const MEASURE = 12;

/** Two spaces in a row give an empty word. */
function wordsOf(text: string): string[] {
  const words: string[] = [];
  let isOpen = false;
  for (const part of text.split(' ')) {
    const before = words.at(-1);
    if (before !== undefined && (isOpen || isMeasure(before, part))) words[words.length - 1] = `${before} ${part}`;
    else words.push(part);
    if ((part.match(/`/g)?.length ?? 0) % 2 === 1) isOpen = !isOpen;
  }
  // A backtick that is never closed, as in a shell command, is none.
  return isOpen ? text.split(' ') : words;
}

/** `(84.0 ms)`, `1.5 MiB`: a number is nothing without its unit. */
const isMeasure = (number: string, unit: string): boolean =>
  unit.length < MEASURE && /^(ms|s|min|B|KiB|MiB|GiB)\b/.test(unit) && /^\(?[\d.]+$/.test(number);

export const columnsOf = (text: string): number => stripVTControlCharacters(text).length;
