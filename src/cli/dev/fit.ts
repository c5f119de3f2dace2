import { stripVTControlCharacters } from 'node:util';
import { formatGroup } from '../../shared/setup.ts';

/** A name cut in its middle: names often differ at their ends. */
export function cutName(name: string, room: number): string {
  if (name.length <= room) return name;
  const end = Math.floor((room - 1) / 2);
  return `${name.slice(0, room - 1 - end)}…${name.slice(name.length - end)}`;
}

/**
 * Breaks a line between words. Further lines are indented as the first one is. A word that is longer than a line, such
 * as an address, stays whole: terminals make links of it.
 * @param text may have colours, which take no columns
 */
export function wrap(text: string, room: number): string[] {
  if (columnsOf(text) <= room) return [text];
  const [indent = ''] = /^ */.exec(text) ?? [];
  const lines: string[] = [];
  let line = '';
  for (const word of text.trimStart().split(' ')) {
    const longer = line === '' ? `${indent}${word}` : `${line} ${word}`;
    if (line !== '' && columnsOf(longer) > room) {
      lines.push(line);
      line = `${indent}${word}`;
    } else line = longer;
  }
  return [...lines, line];
}

const columnsOf = (text: string): number => stripVTControlCharacters(text).length;

export interface DeployedWords {
  /** `, fused as a + b`, or empty. */
  readonly fused: string;
  /** With a space in front, or empty. */
  readonly address: string;
}

/**
 * As much of a deploy's group and address as fits into one line.
 * @param room columns that are left for both
 */
export function deployedWords(group: readonly string[], address: string, room: number): DeployedWords {
  const others = group.length - 1;
  const fused =
    others < 1 ? [''] : [`, fused as ${formatGroup(group)}`, `, fused with ${others} other${others === 1 ? '' : 's'}`];
  const choices = [
    { fused: fused[0] ?? '', address: ` ${address}` },
    ...fused.map((words) => ({ fused: words, address: '' })),
  ];
  return choices.find((choice) => choice.fused.length + choice.address.length <= room) ?? { fused: '', address: '' };
}
