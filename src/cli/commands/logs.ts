import { type Command, Option } from 'commander';
import { ServerUnreachableError } from '../../client/errors.ts';
import type { LogLevel, LogRecord } from '../../shared/api.ts';
import { logLevelSchema } from '../../shared/api.ts';
import { parseCount, parseName, parseSince, parseTrace } from '../arguments.ts';
import { checkTrace } from '../checkTrace.ts';
import type { Cli } from '../cli.ts';
import { formatLog } from '../format.ts';

interface LogsOptions {
  follow?: boolean;
  level?: LogLevel;
  lines?: number;
  trace?: string;
  since?: number;
}

/** `fusionizer logs`: what Tasks logged and printed, and with --follow what they log from now on. */
export function registerLogs(program: Command, cli: Cli): void {
  program
    .command('logs')
    .description('Show what a Task logged and printed, newest last.')
    .argument('[task]', "the Task's name (default: all Tasks, and the server itself)", parseName)
    .option('-f, --follow', 'show new records as they come, until Ctrl+C')
    .addOption(new Option('-l, --level <level>', 'this level and those above').choices(logLevelSchema.options))
    .option('-n, --lines <count>', 'only the newest ones; with --follow, begin with them', parseCount)
    .option('-t, --trace <id>', 'only those of this trace; the first characters of its id are enough', parseTrace)
    .option(
      '-s, --since <time>',
      'only those from then on: how long ago (90s, 5m, 2h), a time (14:05) or a date',
      parseSince,
    )
    .action(async (task: string | undefined, { follow, ...filter }: LogsOptions) => {
      const client = await cli.connect('read');
      if (!follow) {
        const records = await client.logs(task, filter);
        for (const record of records) print(cli, record);
        if (records.length > 0) return;
        if (filter.trace !== undefined) await checkTrace(client, filter.trace);
        const isFiltered = filter.level !== undefined || filter.trace !== undefined || filter.since !== undefined;
        if (!cli.json) cli.err.line(isFiltered ? 'No log record fits these options' : 'Nothing is logged yet');
        return;
      }
      let cause: unknown;
      try {
        for await (const record of client.followLogs(task, filter)) print(cli, record);
      } catch (error) {
        // A server that is killed cuts the connection off.
        if (!(error instanceof ServerUnreachableError) || !error.wasReached) throw error;
        cause = error;
      }
      const ended = `The server at ${cli.server} has ended: no further records come`;
      throw new ServerUnreachableError(cli.server, ended, { wasReached: true, cause });
    });
}

function print(cli: Cli, record: LogRecord): void {
  if (cli.json) cli.printJsonLine(record);
  else cli.out.line(formatLog(cli.out, record));
}
