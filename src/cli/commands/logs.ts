import { type Command, Option } from 'commander';
import type { LogLevel, LogRecord } from '../../shared/api.ts';
import { logLevelSchema } from '../../shared/api.ts';
import { parseCount } from '../arguments.ts';
import type { Cli } from '../cli.ts';
import { UsageError } from '../errors.ts';
import { formatLog } from '../format.ts';

interface LogsOptions {
  follow?: boolean;
  level?: LogLevel;
  lines?: number;
}

/** `fusionizer logs`: what a Task logged and printed, and with --follow what it logs from now on. */
export function registerLogs(program: Command, cli: Cli): void {
  program
    .command('logs')
    .description('Show what a Task logged and printed, newest last.')
    .argument('<task>', "the Task's name")
    .option('-f, --follow', 'show new records as they come, until Ctrl+C')
    .addOption(new Option('-l, --level <level>', 'this level and those above').choices(logLevelSchema.options))
    .option('-n, --lines <count>', 'only the newest ones', parseCount)
    .action(async (task: string, { follow, level, lines }: LogsOptions) => {
      if (follow && lines !== undefined)
        throw new UsageError(
          '--lines and --follow exclude each other: --follow begins with all records that are kept.',
        );
      const client = cli.client();
      if (follow) {
        for await (const record of client.followLogs(task, { level })) print(cli, record);
      } else {
        const records = await client.logs(task, { level });
        for (const record of records.slice(-(lines ?? records.length))) print(cli, record);
      }
    });
}

function print(cli: Cli, record: LogRecord): void {
  if (cli.json) cli.printJsonLine(record);
  else cli.out.line(formatLog(cli.out, record));
}
