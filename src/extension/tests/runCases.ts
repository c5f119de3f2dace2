import { Location, l10n, Range, type TestItem, TestMessage, type TestRun, Uri, workspace } from 'vscode';
import type { TestCase } from '../../client/cases/findCases.ts';
import type { CaseResult } from '../../client/cases/runCase.ts';
import { apartAndFused, onOwnServer, runWays, type Way } from '../../client/cases/ways.ts';
import { FusionizerClient } from '../../client/fusionizerClient.ts';
import { messageOf } from '../../shared/errors.ts';
import { formatDuration } from '../../shared/format.ts';
import { formatGroups } from '../../shared/setup.ts';
import { findTasks } from '../../task/findTasks.ts';
import { prepareShipment } from '../../task/shipment.ts';
import { confirmAllBuildCommands } from '../deploy/confirmBuildCommands.ts';
import { interpreterOf } from '../server/connectAsSet.ts';
import { withSettings } from '../server/settingNames.ts';
import type { Services } from '../services.ts';
import { setting } from '../settings.ts';
import { type DifferenceTexts, differenceTexts } from './differenceTexts.ts';

/** A case, and the workspace folder that it is in. */
export interface CaseInFolder {
  readonly test: TestCase;
  readonly folder: string;
}

type Cases = ReadonlyMap<TestItem, CaseInFolder>;

/**
 * Runs cases and reports each to the editor.
 * @param where `own`: deploys all Tasks of their folders on a server that is there for this run only, and runs them
 *   apart and fused; `window`: on the server of this window, as its Tasks are deployed
 */
export async function runOn(
  services: Services,
  run: TestRun,
  cases: Cases,
  where: 'own' | 'window',
  signal: AbortSignal,
): Promise<void> {
  for (const item of cases.keys()) run.enqueued(item);
  const folders = [...new Set([...cases.values()].map(({ folder }) => folder))];
  for (const folder of folders) {
    const own = new Map([...cases].filter(([, one]) => one.folder === folder));
    try {
      if (where === 'own') await onServerOfItsOwn(services, run, folder, own, signal);
      else await inWays(run, await services.server.client(), own, [{ name: 'as deployed', setup: undefined }], signal);
    } catch (error) {
      if (signal.aborted) for (const item of own.keys()) run.skipped(item);
      else for (const item of own.keys()) run.errored(item, new TestMessage(messageOf(error)));
    }
  }
}

async function onServerOfItsOwn(
  services: Services,
  run: TestRun,
  folder: string,
  cases: Cases,
  signal: AbortSignal,
): Promise<void> {
  if (!workspace.isTrusted)
    throw new Error(l10n.t('This workspace is not trusted, so nothing of it is run: trust it first.'));
  const sources = await findTasks(folder);
  const asked = services.model.taskRows.flatMap(({ folder: one }) => (one && sources.includes(one.path) ? [one] : []));
  const here = { origin: 'own', address: '' } as const;
  await confirmAllBuildCommands(services.context.workspaceState, asked, async () => here);
  const { startFusionizerServer } = await import('../../startServer.ts');
  const python = await interpreterOf(folder);
  const allowSystemCommands = setting('server.allowSystemCommands');
  await onOwnServer(
    (state) => startFusionizerServer({ port: 0, state, signal, grace: 0, python, allowSystemCommands, record: 'none' }),
    (address, token) => new FusionizerClient(address, { token, wording: withSettings }),
    async (client) => {
      for (const source of sources) {
        say(run, l10n.t('Deploying {0}', workspace.asRelativePath(source)));
        const { name, zip } = await prepareShipment(source, undefined);
        await client.deploy(name, zip, { source, signal });
      }
      await inWays(run, client, cases, await apartAndFused(client), signal);
    },
  );
}

async function inWays(
  run: TestRun,
  client: FusionizerClient,
  cases: Cases,
  ways: readonly Way[],
  signal: AbortSignal,
): Promise<void> {
  const results = new Map<TestItem, CaseResult[]>([...cases.keys()].map((item) => [item, []]));
  const items = new Map([...cases].map(([item, { test }]) => [test, item]));
  for (const item of cases.keys()) run.started(item);
  const all = [...cases.values()].map(({ test }) => test);
  await runWays(
    client,
    all,
    ways,
    { signal },
    {
      began: ({ name, setup }) =>
        say(run, setup === undefined || setup.length === 0 ? name : `${name}: ${formatGroups(setup)}`),
      ended: (result) => {
        const item = items.get(result.test);
        if (item === undefined) return;
        const of = [...(results.get(item) ?? []), result];
        results.set(item, of);
        const isGood = result.error === undefined && result.differences.length === 0;
        say(run, `  ${isGood ? '✔' : '✖'} ${result.test.task}/${result.test.name} ${formatDuration(result.duration)}`);
        if (of.length === ways.length) report(run, item, of);
      },
    },
  );
}

/** Says how a case ended in all ways together: the editor has one state for it. */
function report(run: TestRun, item: TestItem, results: readonly CaseResult[]): void {
  const duration = results.reduce((sum, one) => sum + one.duration, 0);
  const errors = results.flatMap(({ way, error }) => (error === undefined ? [] : [`${way}: ${error}`]));
  const failures = results.filter(({ differences }) => differences.length > 0);
  if (errors.length > 0)
    run.errored(
      item,
      errors.map((text) => new TestMessage(text)),
      duration,
    );
  else if (failures.length > 0) run.failed(item, failures.map(messageFor), duration);
  else run.passed(item, duration);
}

function messageFor({ way, differences, test }: CaseResult): TestMessage {
  const { message, expected, actual }: DifferenceTexts = differenceTexts(way, differences);
  const shown = TestMessage.diff(message, expected, actual);
  shown.location = new Location(Uri.file(test.expected), new Range(0, 0, 0, 0));
  return shown;
}

/** The output of a run is that of a terminal. */
const say = (run: TestRun, line: string): void => run.appendOutput(`${line}\r\n`);
