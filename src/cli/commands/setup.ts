import type { Command } from 'commander';
import type { SetupView } from '../../shared/api.ts';
import type { ScheduleView } from '../../shared/scheduleApi.ts';
import { formatGroup, formatGroups } from '../../shared/setup.ts';
import type { Cli } from '../cli.ts';
import { formatDecider } from '../format.ts';
import { printFields, printTable } from '../table.ts';

/** `fusionizer setup`: the desired and the actual Fusion Setup. */
export function registerSetup(program: Command, cli: Cli): void {
  program
    .command('setup')
    .summary('Show the Fusion Setup.')
    .description('Show the desired and the actual Fusion Setup, and the functions that serve it.')
    .action(async () => {
      const client = await cli.connect('read');
      const view = await client.setup();
      if (cli.json) return cli.printJson(view);
      const schedule = await client.schedule();
      printFields(cli.out, [
        ['Revision', `${view.revision}, set by ${originOf(view, schedule)}`],
        ['Changed by', formatDecider(schedule)],
        ['Desired', formatGroups(view.desired) || 'no Tasks'],
        ['Actual', formatGroups(view.actual) || 'no Tasks'],
        ...view.waiting.map((name): [string, string] => ['Waiting', `${name}: not deployed yet`]),
        ...view.apart.map(({ task, reason }): [string, string] => ['Apart', `${task}: ${reason}`]),
        ...(view.error === null ? [] : [['Error', view.error] as [string, string]]),
      ]);
      if (view.functions.length === 0) return;
      cli.out.line();
      printTable(
        cli.out,
        [
          { title: 'FUNCTION', shrinks: true },
          { title: 'TASKS', shrinks: true },
          { title: 'STATE' },
          { title: 'WORKERS', right: true },
        ],
        view.functions.map((one) => [one.name, formatGroup(one.tasks), one.state, String(one.workers ?? 'unknown')]),
      );
    });
}

/** Who set the desired setup. The static optimizer is the one that follows the schedule. */
function originOf({ origin }: SetupView, { optimizer }: ScheduleView): string {
  if (origin === 'manual') return 'hand';
  return optimizer.name === 'static' ? 'the schedule' : `the optimizer '${optimizer.name}'`;
}
