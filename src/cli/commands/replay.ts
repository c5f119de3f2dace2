import { STATUS_CODES } from 'node:http';
import type { Command } from 'commander';
import { recordedSpan } from '../../client/recordedSpan.ts';
import { formatDuration } from '../../shared/format.ts';
import type { ReplayRequest, ReplayView } from '../../shared/traceApi.ts';
import { parseSpan, parseTrace } from '../arguments.ts';
import type { Cli } from '../cli.ts';
import { editRequest } from '../editRequest.ts';
import { ExitCode } from '../exitCodes.ts';
import { PROGRAM } from '../invokedAs.ts';
import { printTable } from '../table.ts';

interface ReplayOptions {
  span?: string;
  edit?: boolean;
}

/** `fusionizer replay`: sends a recorded request again, and compares the answers. */
export function registerReplay(program: Command, cli: Cli): void {
  program
    .command('replay')
    .description('Send a recorded request again, and compare the answers.')
    .argument('<trace>', "the trace's id, or its first characters", parseTrace)
    .option('--span <id>', 'the invocation or remote call to send again (default: the first invocation)', parseSpan)
    .option('-e, --edit', 'edit method, path, headers and body in $VISUAL or $EDITOR before')
    .addHelpText(
      'after',
      '\nSecret headers are not recorded, and so not sent; add them with --edit.\n' +
        'The exit code is 4 when the handler answers with a status of 400 or above.\n\n' +
        `Example:\n  ${PROGRAM} replay 6f0d6e3c1b9a4e2f8d7c5a0000000001 --edit`,
    )
    .action((trace: string, options: ReplayOptions) => replay(cli, trace, options));
}

async function replay(cli: Cli, trace: string, { span, edit }: ReplayOptions): Promise<void> {
  const client = await cli.connect('read');
  let edits: ReplayRequest = span === undefined ? {} : { span };
  if (edit) {
    const recorded = recordedSpan(await client.trace(trace), span);
    edits = { ...(await editRequest(recorded.exchange.request)), span: recorded.span };
  }
  const view = await client.replay(trace, edits);
  if (view.after.status >= 400) process.exitCode = ExitCode.handler;
  if (cli.json) cli.printJson(view);
  else print(cli, view);
}

function print({ out, err }: Cli, view: ReplayView): void {
  for (const note of view.notes) err.line(`${err.colors.yellow('note')} ${note}`);
  const { before, after, durations, replayOf } = view;
  printTable(
    out,
    [{ title: '' }, { title: 'STATUS', shrinks: true }, { title: 'DURATION', right: true }],
    [
      ['before', before === null ? 'none' : statusOf(before.status), formatDuration(durations.before)],
      ['now', statusOf(after.status), formatDuration(durations.after)],
    ],
    [replayOf.trace, view.trace],
  );
  out.line();
  if (view.same) out.line('The answers are the same');
  else if (before !== null)
    printTable(
      out,
      [
        { title: 'DIFFERENCE', shrinks: true },
        { title: 'BEFORE', shrinks: true },
        { title: 'NOW', shrinks: true },
      ],
      view.differences.map(({ what, before: then, after: now }) => [what, inLine(then), inLine(now)]),
    );
}

const statusOf = (status: number): string => `${status} ${STATUS_CODES[status] ?? ''}`.trim();

/** A value in a cell of a table; control characters could act on the terminal. */
const inLine = (value: string | null): string =>
  value === null ? '-' : value.replaceAll(/[\x00-\x1f\x7f-\x9f]+/g, ' ');
