import type { Command } from 'commander';
import { collectGroup } from '../arguments.ts';
import { changeGroups } from '../changeGroups.ts';
import type { Cli } from '../cli.ts';
import { PROGRAM } from '../invokedAs.ts';

/** `fusionizer fuse`: makes Fusion Groups. */
export function registerFuse(program: Command, cli: Cli): void {
  program
    .command('fuse')
    .summary('Run Tasks together in Fusion Groups.')
    .description(
      'Run Tasks together: each argument names the Tasks of one Fusion Group. Other groups stay as they are.',
    )
    .argument('<group...>', "the Tasks' names, with commas between them", collectGroup)
    .addHelpText('after', `\nExample:\n  ${PROGRAM} fuse ingest,validate aggregate,alert`)
    .action((groups: string[][]) => changeGroups(cli, groups));
}
