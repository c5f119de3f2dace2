import type { Command } from 'commander';
import { ClientError } from '../../client/errors.ts';
import { formatGroup, GroupIndex } from '../../shared/setup.ts';
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
    .option('--allow-missing', 'take Tasks that are not deployed yet, too: they join their group when they are')
    .action((args: string[], { allowMissing = false }: { allowMissing?: boolean }) =>
      fuse(cli, parseGroups(args), allowMissing),
    );
}

async function fuse(cli: Cli, groups: string[][], allowMissing: boolean): Promise<void> {
  checkGroups(groups);
  const change = await changeGroups(cli, groups, allowMissing).catch((error: unknown) => {
    if (!(error instanceof ClientError) || error.code !== 'not-found') throw error;
    const { code, status, message } = error;
    const why = message.replace(/[^.?]$/, '$&.');
    const detail = `${why} Nothing was changed. With --allow-missing, it joins the group when it is deployed`;
    throw new ClientError({ code, status, detail }, { cause: error });
  });
  if (change === undefined) return;
  const { before, after } = change;
  const now = new GroupIndex(after.actual);
  for (const group of before.actual) {
    const [first, ...others] = group.filter((name) => now.has(name));
    if (others.some((name) => now.of(name) !== now.of(first ?? name)))
      cli.err.line(`${cli.err.colors.yellow('warning')} ${formatGroup(group)} are not one group any more`);
  }
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
