import type { Command } from 'commander';
import { FusionizerError } from '../../shared/errors.ts';
import { parseCount } from '../arguments.ts';
import type { Cli } from '../cli.ts';
import { printTraces, printTrees } from '../traceTable.ts';

interface TracesOptions {
  trace?: string;
  lines?: number;
}

/** How many records are shown without `--lines` and `--trace`. */
const LINES = 20;

/** `fusionizer traces`: the newest recorded invocations and calls, or one trace as a tree. */
export function registerTraces(program: Command, cli: Cli): void {
  program
    .command('traces')
    .summary('Show the newest invocations and calls.')
    .description('Show the newest recorded invocations and the calls from Task to Task, by their start, newest last.')
    .argument('[task]', 'only those to or from this Task')
    .option('-t, --trace <id>', 'this trace as a tree; the first characters of its id are enough')
    .option('-n, --lines <count>', `how many (default: ${LINES}, with --trace all)`, parseCount)
    .action(async (task: string | undefined, { trace, lines }: TracesOptions) => {
      const client = await cli.connect('read');
      const found = await client.traces({ task, trace });
      // A Task that is deleted may have records still.
      if (task !== undefined && found.length === 0) await client.task(task);
      if (trace !== undefined && found.length === 0)
        throw new FusionizerError(
          'not-found',
          `No trace is recorded whose id begins with '${trace}': \`traces\` lists the newest, ` +
            'and 10,000 records are kept',
        );
      const records = found.slice(-(lines ?? (trace === undefined ? LINES : found.length)));
      if (cli.json) cli.printJson(records);
      else if (records.length === 0) cli.err.line('Nothing is recorded yet');
      else if (trace === undefined) printTraces(cli.out, records);
      else printTrees(cli.out, records);
    });
}
