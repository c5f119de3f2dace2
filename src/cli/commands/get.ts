import type { Command } from 'commander';
import type { Crash } from '../../shared/api.ts';
import { formatDuration } from '../../shared/format.ts';
import { formatGroup } from '../../shared/setup.ts';
import { parseName } from '../arguments.ts';
import type { Cli } from '../cli.ts';
import { count } from '../format.ts';
import { printFields } from '../table.ts';
import type { Terminal } from '../terminal.ts';

/** `fusionizer get`: one Task in full. */
export function registerGet(program: Command, cli: Cli): void {
  program
    .command('get')
    .description('Show a Task.')
    .argument('<task>', "the Task's name", parseName)
    .action(async (name: string) => {
      const task = await (await cli.connect('read')).task(name);
      if (cli.json) return cli.printJson(task);
      printFields(cli.out, [
        ['Task', task.name],
        [
          'State',
          task.busySince === null
            ? task.state
            : `busy since ${new Date(task.busySince).toLocaleString('sv')}: every worker runs one event since then`,
        ],
        ['Group', task.group.length > 1 ? formatGroup(task.group) : 'by itself'],
        ['Function', task.function],
        ['Runtime', task.runtime],
        ['Handler', task.handler],
        ['Version', `${task.version}, deployed ${new Date(task.deployedAt).toLocaleString('sv')}`],
        ['Content', contentOf(cli.out, task.hash)],
        ['Source', task.source ?? 'not known'],
        [
          'Calls',
          task.calls === 0 ? '0' : `${task.calls}, p50 ${formatDuration(task.p50)}, p95 ${formatDuration(task.p95)}`,
        ],
        ['Address', task.address],
        ...task.warnings.map((warning): [string, string] => ['Warning', warning]),
        ...(task.lastError === null ? [] : [['Last error', task.lastError] as [string, string]]),
        ...(task.crash === null ? [] : crashFields(task.crash)),
      ]);
    });
}

/** Columns before the values, at most. */
const BEFORE = 12;
/** As many digits as tell two versions apart. */
const SHORT = 12;

/** A terminal that is too narrow for the hash gets its first digits: a hash in two pieces cannot be copied. */
function contentOf({ width = Number.POSITIVE_INFINITY }: Terminal, hash: string): string {
  const whole = `sha256:${hash}`;
  return whole.length + BEFORE <= width ? whole : `sha256:${hash.slice(0, SHORT)}…`;
}

function crashFields({ at, restarts, output }: Crash): [string, string][] {
  const fields: [string, string][] = [
    ['Last crash', `${new Date(at).toLocaleString('sv')}, ${count(restarts, 'restart')} since the deploy`],
  ];
  if (output !== '') fields.push(['Last output', output]);
  return fields;
}
