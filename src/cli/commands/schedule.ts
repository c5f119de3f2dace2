import type { Command } from 'commander';
import { readSchedule } from '../../shared/readSchedule.ts';
import { entryInForce } from '../../shared/schedule.ts';
import type { ScheduleEntry, ScheduleView } from '../../shared/scheduleApi.ts';
import { formatGroups } from '../../shared/setup.ts';
import type { Cli } from '../cli.ts';
import { formatDecider } from '../format.ts';
import { type Column, printFields, printTable } from '../table.ts';

const COLUMNS: Column[] = [{ title: '' }, { title: 'SECOND', right: true }, { title: 'SETUP', shrinks: true }];

/** `fusionizer schedule`: shows the server's schedule, and checks schedule files. */
export function registerSchedule(program: Command, cli: Cli): void {
  const schedule = program
    .command('schedule')
    .description('Show the schedule that the server follows, or check a schedule file.');

  schedule
    .command('show')
    .description('Show the entries, the clock and the entry in force.')
    .action(async () => {
      const view = await (await cli.connect('read')).schedule();
      if (cli.json) return cli.printJson(view);
      if (view.file === null && view.entries.length === 0) {
        cli.out.line('No schedule is followed.');
        if (view.optimizer.name !== 'static') printFields(cli.out, [['Changed by', formatDecider(view)]]);
        return;
      }
      printFields(cli.out, [
        ['Changed by', formatDecider(view)],
        ['File', view.file ?? 'none'],
        ['Clock', `${view.clock.seconds.toFixed(1)} s, ${view.clock.state}`],
        ['In force', inForceOf(view)],
        ['Next', view.next === null ? 'none' : `second ${view.next}`],
        ...(view.error === null ? [] : [['Error', view.error] as [string, string]]),
      ]);
      if (view.entries.length === 0) return;
      cli.out.line();
      printTable(
        cli.out,
        COLUMNS,
        view.entries.map((entry) => rowOf(entry, view.inForce)),
      );
    });

  const validate = schedule.command('validate');
  cli.withoutServer(validate, 'It reads a file and uses no server.');
  validate
    .description('Check a schedule file; no server is needed.')
    .argument('<file>', 'the schedule')
    .action(async (file: string) => {
      const entries = await readSchedule(file);
      if (cli.json) return cli.printJson({ file, ok: true, entries });
      cli.err.line(`${file} is a valid schedule: ${entries.length === 1 ? '1 entry' : `${entries.length} entries`}`);
      if (entries.length > 0)
        printTable(
          cli.out,
          COLUMNS.slice(1),
          entries.map((entry) => rowOf(entry, null).slice(1)),
        );
    });
}

function inForceOf({ inForce, entries, clock }: ScheduleView): string {
  if (inForce !== null) return `second ${inForce}`;
  return entryInForce(entries, clock.seconds) === undefined ? 'none yet' : 'none: the setup is another one';
}

function rowOf({ second, setup }: ScheduleEntry, inForce: number | null): string[] {
  return [second === inForce ? '>' : '', String(second), formatGroups(setup) || 'no Tasks'];
}
