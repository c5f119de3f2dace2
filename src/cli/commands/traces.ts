import { type Command, Option } from 'commander';
import { parseCount, parseName, parseTrace } from '../arguments.ts';
import { noSuchTrace } from '../checkTrace.ts';
import type { Cli } from '../cli.ts';
import { UsageError } from '../errors.ts';
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
    .argument('[task]', 'only those to or from this Task', parseName)
    .addOption(
      new Option('-t, --trace <id>', 'this whole trace as a tree; the first characters of its id are enough')
        .argParser(parseTrace)
        .conflicts('lines'),
    )
    .option('-n, --lines <count>', `how many (default: ${LINES})`, parseCount)
    .action(async (task: string | undefined, { trace, lines }: TracesOptions) => {
      // A tree without its root, or without some of its calls, would be wrong.
      if (task !== undefined && trace !== undefined)
        throw new UsageError(`A trace is shown whole. Leave out '${task}' or --trace.`);
      const client = await cli.connect('read');
      const found = await client.traces({ task, trace });
      // A Task that is deleted may have records still.
      if (task !== undefined && found.length === 0) await client.task(task);
      if (trace !== undefined && found.length === 0) throw noSuchTrace(trace);
      const records = trace === undefined ? found.slice(-(lines ?? LINES)) : found;
      if (cli.json) cli.printJson(records);
      else if (records.length === 0) cli.err.line('Nothing is recorded yet');
      else if (trace === undefined) printTraces(cli.out, records);
      else printTrees(cli.out, records);
    });
}
