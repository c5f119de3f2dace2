import type { Command } from 'commander';
import { parseGroups } from '../arguments.ts';
import { changeGroups } from '../changeGroups.ts';
import type { Cli } from '../cli.ts';
import { UsageError } from '../errors.ts';
import { PROGRAM } from '../invokedAs.ts';

/** `fusionizer fuse`: makes Fusion Groups. */
export function registerFuse(program: Command, cli: Cli): void {
  program
    .command('fuse')
    .description('Run Tasks together in one function. Groups of other Tasks stay as they are.')
    .argument('<group...>', "a Fusion Group: the Tasks' names, separated by commas")
    .action((args: string[]) => {
      const groups = parseGroups(args);
      checkGroups(groups);
      return changeGroups(cli, groups);
    });
}

/** A group of one would take its Task out of its group, which nobody expects of `fuse a b`. */
function checkGroups(groups: readonly string[][]): void {
  const singles = groups.filter(({ length }) => length === 1).flat();
  if (singles.length === 0) return;
  const split = `To let a Task run by itself: \`${PROGRAM} split ${singles.join(' ')}\``;
  throw new UsageError(
    singles.length > 1
      ? `${singles.join(' and ')} are groups of one Task each. To fuse them, write commas between them, ` +
          `without spaces: \`${PROGRAM} fuse ${singles.join(',')}\`\n${split}`
      : `${singles[0]} is a group of one Task. Name the Tasks that it is fused with, separated by commas: ` +
          `\`${PROGRAM} fuse ${singles[0]},OTHER\`\n${split}`,
  );
}
