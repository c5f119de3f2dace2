import { type Command, Option } from 'commander';
import { recordedSpan } from '../../client/recordedSpan.ts';
import { curlCommand } from '../../shared/curlCommand.ts';
import { withoutSlash } from '../../shared/withoutSlash.ts';
import {
  isTraceId,
  parseCount,
  parseDuration,
  parseSince,
  parseStatus,
  parseTaskOrTrace,
  parseTrace,
} from '../arguments.ts';
import { noSuchTrace } from '../checkTrace.ts';
import type { Cli } from '../cli.ts';
import { UsageError } from '../errors.ts';
import { printTraces, printTrees } from '../traceTable.ts';

interface TracesOptions {
  trace?: string;
  lines?: number;
  limit?: number;
  status?: string;
  min?: number;
  since?: number;
  curl?: boolean;
}

/** How many records are shown without `--lines` and `--trace`. */
const LINES = 20;
/** The most that the server finds at a time. */
const MOST = 10_000;
/** Options that choose among the newest records. */
const FILTERS = ['lines', 'limit', 'status', 'min', 'since'];

/** `fusionizer traces`: the newest recorded invocations and calls, or one trace as a tree. */
export function registerTraces(program: Command, cli: Cli): void {
  program
    .command('traces')
    .summary('Show the newest invocations and calls.')
    .description('Show the newest recorded invocations and the calls from Task to Task, by their start, newest last.')
    .argument('[task]', "only those to or from this Task; or a trace's whole id, as -t", parseTaskOrTrace)
    .addOption(
      new Option('-t, --trace <id>', 'this whole trace as a tree; the first characters of its id are enough')
        .argParser(parseTrace)
        .conflicts(FILTERS),
    )
    .addOption(
      new Option('-n, --lines <count>', `how many (default: ${LINES})`).argParser(parseCount).conflicts('limit'),
    )
    .option('--limit <count>', 'the same as --lines', parseCount)
    .option('--status <status>', 'only those with this status (404), class (5xx), or error', parseStatus)
    .option('--min <duration>', 'only those that took at least so long (250ms, 1.5s)', parseDuration)
    .option(
      '-s, --since <time>',
      'only those from then on: how long ago (90s, 5m, 2h), a time (14:05) or a date',
      parseSince,
    )
    .option('--curl', "print the recorded request of a trace's first invocation as a curl command")
    .action((task: string | undefined, options: TracesOptions) => traces(cli, task, options));
}

async function traces(cli: Cli, named: string | undefined, options: TracesOptions): Promise<void> {
  const { lines, limit = lines ?? LINES, curl, ...filter } = options;
  // A tree without its root, or without some of its calls, would be wrong.
  if (named !== undefined && filter.trace !== undefined)
    throw new UsageError(`A trace is shown whole. Leave out '${named}' or --trace.`);
  const isTrace = named !== undefined && isTraceId(named);
  const given = FILTERS.filter((name) => options[name as keyof TracesOptions] !== undefined);
  if (isTrace && given.length > 0)
    throw new UsageError(`A trace is shown whole. Leave out ${given.map((name) => `--${name}`).join(', ')}.`);
  const trace = isTrace ? named : filter.trace;
  const task = isTrace ? undefined : named;
  if (curl && trace === undefined) throw new UsageError('--curl needs a trace. Write its id, or --trace ID.');
  const client = await cli.connect('read');
  if (curl && trace !== undefined) {
    const span = recordedSpan(await client.trace(trace), undefined);
    const { command, notes } = curlCommand(withoutSlash(cli.server), span.callee, span.exchange.request);
    for (const note of notes) cli.err.line(`${cli.err.colors.yellow('note')} ${note}`);
    if (cli.json) cli.printJson({ command, notes });
    else cli.out.line(command);
    return;
  }
  const most = trace === undefined ? Math.min(MOST, limit) : undefined;
  const records = await client.traces({ ...filter, task, trace, limit: most });
  // A Task that is deleted may have records still.
  if (task !== undefined && records.length === 0) await client.task(task);
  if (trace !== undefined && records.length === 0) throw noSuchTrace(trace);
  if (cli.json) cli.printJson(records);
  else if (records.length === 0)
    cli.err.line(given.length === 0 ? 'Nothing is recorded yet' : 'No record fits these options');
  else if (trace === undefined) printTraces(cli.out, records);
  else printTrees(cli.out, records);
}
