import type { Command } from 'commander';
import { parseNames } from '../arguments.ts';
import { changeGroups } from '../changeGroups.ts';
import type { Cli } from '../cli.ts';

/** `fusionizer split`: takes Tasks out of their groups. */
export function registerSplit(program: Command, cli: Cli): void {
  program
    .command('split')
    .description('Take Tasks out of their Fusion Groups, each to run by itself.')
    .argument('<task...>', "the Tasks' names")
    .action(async (args: string[]) => {
      const names = parseNames(args, 'split');
      await changeGroups(
        cli,
        names.map((name) => [name]),
      );
    });
}
