import type { Setup, SetupView } from '../shared/api.ts';
import type { Cli } from './cli.ts';
import { formatDuration, formatGroup } from './format.ts';
import { withInterrupt } from './interrupt.ts';

/** Makes these groups, leaves the rest, and says what was reached. Ctrl+C cancels the change. */
export async function changeGroups(cli: Cli, groups: Setup): Promise<void> {
  const began = performance.now();
  const view = await withInterrupt(
    (signal) => cli.client().patchSetup(groups, { signal }),
    () => cli.err.line('cancelling; again to leave at once'),
  );
  if (cli.json) return cli.printJson(view);
  const took = cli.err.colors.dim(`(${formatDuration(performance.now() - began)})`);
  cli.err.line(`Reached: ${formatSetup(view.actual)} ${took}`);
  warnOfUnreached(cli, view, groups.flat());
}

/** `a + b | c`. */
export const formatSetup = (setup: Setup): string => (setup.length === 0 ? 'no Tasks' : setup.map(formatGroup).join(' | '));

function warnOfUnreached({ err }: Cli, view: SetupView, names: readonly string[]): void {
  const warning = err.colors.yellow('warning');
  for (const name of view.waiting.filter((one) => names.includes(one))) err.line(`${warning} '${name}' is not deployed: it joins its group when it is`);
  for (const { task, reason } of view.apart.filter((one) => names.includes(one.task))) err.line(`${warning} ${task}: ${reason}`);
}
