import { randomUUID } from 'node:crypto';
import type { FusionizerClient } from '../client/fusionizerClient.ts';
import { OperationProgress } from '../client/operationProgress.ts';
import type { SetupView } from '../shared/api.ts';
import { formatDuration } from '../shared/format.ts';
import { formatFused, formatGroup, groupOf } from '../shared/setup.ts';
import type { Setup } from '../shared/setupApi.ts';
import type { Cli } from './cli.ts';
import { withInterrupt } from './interrupt.ts';
import { printStage } from './stages.ts';

/** Makes these groups, leaves the rest, and shows the setup that was reached. Ctrl+C cancels the change. */
export async function changeGroups(cli: Cli, groups: Setup): Promise<void> {
  const client = await cli.connect('change');
  await checkSingles(client, groups);
  const began = performance.now();
  const operation = randomUUID();
  const progress = new OperationProgress(client, operation, {
    stage: (stage) => printStage(cli, stage),
    output: () => undefined,
  });
  await progress.follow(false);
  let view: SetupView;
  try {
    view = await withInterrupt(
      (signal) => client.patchSetup(groups, { operation, signal }),
      () => cli.err.line('Cancelling. Press Ctrl+C again to leave at once.'),
    );
  } finally {
    // Stages are a comfort: a server that is gone has said so already.
    await progress.end(await client.operation(operation).catch(() => undefined));
  }
  if (cli.json) return cli.printJson(view);
  const took = cli.err.colors.dim(`(${formatDuration(performance.now() - began)})`);
  cli.err.line(`${formatFused(view.actual)} ${took}`);
  warnOfUnreached(cli, view, groups.flat());
}

/**
 * A Task that is not deployed can wait in a group for the others, and be split out of it again. Named alone and outside
 * of a group, it is a typing error.
 * @throws ClientError `not-found`
 */
async function checkSingles(client: FusionizerClient, groups: Setup): Promise<void> {
  const singles = groups.filter(({ length }) => length === 1).flat();
  if (singles.length === 0) return;
  const { desired } = await client.setup();
  for (const name of singles) if (groupOf(desired, name).length < 2) await client.task(name);
}

function warnOfUnreached({ err }: Cli, view: SetupView, names: readonly string[]): void {
  const warning = err.colors.yellow('warning');
  for (const name of view.waiting.filter((one) => names.includes(one))) {
    const others = groupOf(view.desired, name).filter((one) => one !== name);
    if (others.length > 0)
      err.line(`${warning} '${name}' is not deployed yet. It will join ${formatGroup(others)} when it is`);
  }
  for (const { task, reason } of view.apart.filter((one) => names.includes(one.task)))
    err.line(`${warning} ${task}: ${reason}`);
}
