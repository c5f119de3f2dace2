import type { Command } from 'commander';
import type { EnvironmentView, PruneView } from '../../shared/environments.ts';
import { formatSize } from '../../shared/format.ts';
import type { Cli } from '../cli.ts';
import { count } from '../format.ts';
import { type Column, printTable } from '../table.ts';

const COLUMNS: Column[] = [
  { title: 'BUILD COMMANDS', shrinks: true },
  { title: 'SIZE', right: true },
  { title: 'USED BY', right: true },
  { title: 'LAST USED' },
];

const rowOf = ({ commands, bytes, uses, usedAt }: EnvironmentView): string[] => [
  commands.join('; ').replaceAll(/\s+/g, ' '),
  formatSize(bytes),
  uses === 0 ? '-' : count(uses, 'function'),
  uses === 0 ? (usedAt.slice(0, 16).replace('T', ' ') ?? '') : 'now',
];

/** What was removed. The size is that of environments and downloads. */
function wordsOf({ removed, bytes }: PruneView, cache: boolean): string {
  if (removed.length > 0) return `Removed: ${count(removed.length, 'environment')} (${formatSize(bytes)})`;
  if (bytes > 0) return `Removed: downloads (${formatSize(bytes)})`;
  return `There is nothing to remove: no environment is unused${cache ? ', and nothing was downloaded' : ''}.`;
}

/** `fusionizer prune`: removes what build commands installed and no function uses. */
export function registerPrune(program: Command, cli: Cli): void {
  program
    .command('prune')
    .description('Remove what build commands installed and no Task uses. It is installed again when it is needed.')
    .option('--cache', 'remove what package managers downloaded, too')
    .option('--dry-run', 'show what is there and what it takes on the disk; remove nothing')
    .action(async ({ cache = false, dryRun = false }: { cache?: boolean; dryRun?: boolean }) => {
      const client = await cli.connect(dryRun ? 'read' : 'change');
      if (!dryRun) {
        const pruned = await client.prune({ cache });
        if (cli.json) return cli.printJson(pruned);
        cli.err.line(wordsOf(pruned, cache));
        return;
      }
      const view = await client.environments();
      if (cli.json) return cli.printJson(view);
      if (view.environments.length > 0) printTable(cli.out, COLUMNS, view.environments.map(rowOf));
      const unused = view.environments.filter(({ uses }) => uses === 0);
      const freed = unused.reduce((sum, { bytes }) => sum + bytes, 0);
      if (view.environments.length === 0 && view.cacheBytes === 0) {
        cli.err.line('There is nothing to remove: no build command has installed or downloaded anything.');
        return;
      }
      cli.err.line(
        `${count(view.environments.length, 'environment')}, ${formatSize(view.bytes)}; ` +
          `${unused.length === 0 ? 'none is unused' : `${unused.length} unused, ${formatSize(freed)}`}; ` +
          `downloads ${formatSize(view.cacheBytes)}`,
      );
    });
}
