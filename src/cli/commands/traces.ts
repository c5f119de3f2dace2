import type { Command } from 'commander';
import type { TraceRecord } from '../../shared/api.ts';
import { formatDuration } from '../../shared/format.ts';
import { parseCount } from '../arguments.ts';
import type { Cli } from '../cli.ts';
import { formatTime } from '../format.ts';
import { type Column, printTable } from '../table.ts';

const COLUMNS: Column[] = [
  { title: 'TIME' },
  { title: 'CALL', shrinks: true },
  { title: 'HOW' },
  { title: 'STATUS', right: true },
  { title: 'DURATION', right: true },
  { title: 'TRACE', shrinks: true },
];

interface TracesOptions {
  trace?: string;
  lines: number;
}

/** `fusionizer traces`: the newest recorded invocations and calls. */
export function registerTraces(program: Command, cli: Cli): void {
  program
    .command('traces')
    .summary('Show the newest invocations and calls.')
    .description('Show the newest recorded invocations and the calls from Task to Task, newest last.')
    .argument('[task]', 'only those to or from this Task')
    .option('-t, --trace <id>', 'only those of this trace')
    .option('-n, --lines <count>', 'how many', parseCount, 20)
    .action(async (task: string | undefined, { trace, lines }: TracesOptions) => {
      const records = (await cli.client().traces({ task, trace })).slice(-lines);
      if (cli.json) cli.printJson(records);
      else if (records.length === 0) cli.err.line('Nothing is recorded yet');
      else printTable(cli.out, COLUMNS, records.map(rowOf));
    });
}

const rowOf = (record: TraceRecord): string[] => [
  formatTime(record.start),
  `${record.caller === null ? '' : `${record.caller} -> `}${record.callee}`,
  record.caller === null ? 'invoked' : record.local ? 'local' : 'remote',
  record.status === 0 ? 'none' : String(record.status),
  formatDuration(record.duration),
  record.trace,
];
