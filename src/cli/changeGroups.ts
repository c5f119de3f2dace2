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

/** How the setup was, and how it is. */
interface Change {
  before: SetupView;
  after: SetupView;
}

/**
 * Makes these groups, leaves the rest, and shows the setup that was reached. Ctrl+C cancels the change.
 * @param allowMissing takes Tasks that are not deployed yet
 * @returns undefined with --json: all is printed
 * @throws ClientError `not-found` for another Task that is not deployed. Nothing is changed then
 */
export async function changeGroups(cli: Cli, groups: Setup, allowMissing = false): Promise<Change | undefined> {
  const client = await cli.connect('change');
  const before = await client.setup();
  if (!allowMissing) await checkDeployed(client, before, groups.flat());
  const began = performance.now();
  const operation = randomUUID();
  const progress = new OperationProgress(client, operation, {
    stage: (stage) => printStage(cli, stage),
    output: () => undefined,
  });
  await progress.follow(false);
  let after: SetupView;
  try {
    after = await withInterrupt(
      (signal) => client.patchSetup(groups, { operation, signal }),
      () => cli.err.line('Cancelling. Press Ctrl+C again to leave at once.'),
    );
  } finally {
    // Stages are a comfort: a server that is gone has said so already.
    await progress.end(await client.operation(operation).catch(() => undefined));
  }
  if (cli.json) {
    cli.printJson(after);
    return undefined;
  }
  const took = cli.err.colors.dim(`(${formatDuration(performance.now() - began)})`);
  cli.err.line(`${formatFused(after.actual)} ${took}`);
  warnOfUnreached(cli, after, groups.flat());
  return { before, after };
}

/** A Task that is not deployed but waits in a group is known. Any other one is a typing error. */
async function checkDeployed(client: FusionizerClient, before: SetupView, names: readonly string[]): Promise<void> {
  const known = new Set([...before.actual.flat(), ...before.waiting]);
  // A Task that is deployed but has no function is in no group.
  for (const name of names) if (!known.has(name)) await client.task(name);
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
