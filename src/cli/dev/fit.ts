import { formatGroup } from '../../shared/setup.ts';

/** A name cut in its middle: names often differ at their ends. */
export function cutName(name: string, room: number): string {
  if (name.length <= room) return name;
  const end = Math.floor((room - 1) / 2);
  return `${name.slice(0, room - 1 - end)}…${name.slice(name.length - end)}`;
}

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
