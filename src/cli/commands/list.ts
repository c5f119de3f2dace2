import type { Command } from 'commander';
import type { TaskView } from '../../shared/api.ts';
import { formatDuration } from '../../shared/format.ts';
import { formatGroup } from '../../shared/setup.ts';
import type { Cli } from '../cli.ts';
import { PROGRAM } from '../invokedAs.ts';
import { type Column, printTable } from '../table.ts';

const COLUMNS: Column[] = [
  { title: 'TASK', shrinks: true },
  { title: 'GROUP', shrinks: true },
  { title: 'RUNTIME', optional: true },
  { title: 'STATE' },
  { title: 'VERSION', right: true, optional: true },
  { title: 'CALLS', right: true },
  { title: 'P50', right: true },
  { title: 'P95', right: true, optional: true },
];

const rowOf = (task: TaskView): string[] => [
  task.name,
  task.group.length > 1 ? formatGroup(task.group) : '-',
  task.runtime,
  task.busySince === null ? task.state : 'busy',
  String(task.version),
  String(task.calls),
  formatDuration(task.p50),
  formatDuration(task.p95),
];

/** `fusionizer list`: all Tasks. */
export function registerList(program: Command, cli: Cli): void {
  program
    .command('list')
    .alias('ls')
    .description('List the deployed Tasks.')
    .action(async () => {
      const tasks = await (await cli.connect('read')).tasks();
      if (cli.json) cli.printJson(tasks);
      else if (tasks.length === 0)
        cli.err.line(
          `No Tasks are deployed. \`${PROGRAM} deploy DIR\` deploys one, \`${PROGRAM} init NAME\` makes one.`,
        );
      else printTable(cli.out, COLUMNS, tasks.map(rowOf));
    });
}
