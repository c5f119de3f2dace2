import path from 'node:path';
import { l10n, Position, type Progress, Range, Uri, window } from 'vscode';
import { messageOf } from '../../shared/errors.ts';
import { NoTaskError } from '../../task/errors.ts';
import { announce } from '../announce.ts';
import { DismissedError } from '../errors.ts';
import { execute } from '../ownCommands.ts';
import type { Services } from '../services.ts';
import { setting } from '../settings.ts';
import { type Step, withSlowProgress } from '../slowProgress.ts';
import { DeployFailure } from './deployFailure.ts';
import { type Deployed, type DeployOptions, SLOW_DEPLOY } from './deployFolder.ts';
import { confirmReplace, type OtherFolder } from './otherFolder.ts';

/** Milliseconds that the status bar shows a deploy for. */
const SHOWN = 5000;

/**
 * Deploys a folder, reports the result, and offers the next step.
 * @param options `quiet`: a success is shown in the status bar only
 * @throws errors that are not faults of the Task
 */
export async function deployAndNotify(
  services: Services,
  folder: string,
  options: DeployOptions & { quiet?: boolean } = {},
): Promise<Deployed | undefined> {
  try {
    const deployed = await services.deployer.deploy(folder, options);
    // Not awaited: messages stay until the user answers them.
    if (options.quiet) announce(successOf(deployed), SHOWN);
    else void notifySuccess(services, deployed);
    return deployed;
  } catch (error) {
    if (!(error instanceof DeployFailure)) throw error;
    void notifyFailure(services, error);
    return undefined;
  }
}

/**
 * Deploys folders, two at a time, with one progress and one message at the end. What would replace the Tasks of other
 * folders is left for one question after that.
 * @param replace whether it replaces them
 */
export async function deployAll(services: Services, folders: readonly string[], replace = false): Promise<void> {
  const abort = new AbortController();
  const { done, failures, left, others } = await withSlowProgress(
    l10n.t('Deploying {0} Nuclio Tasks', folders.length),
    SLOW_DEPLOY,
    abort,
    (progress) => deployEach(services, folders, replace, progress, abort.signal),
  );
  if (left > 0)
    void window.showInformationMessage(
      l10n.t('Cancelled: {0} Nuclio Tasks are deployed, {1} failed, {2} did not change.', done, failures.length, left),
    );
  else if (failures.length === 0 && done > 0) {
    if (setting('deploy.showSuccess'))
      void window.showInformationMessage(l10n.t('{0} Nuclio Tasks are deployed.', done));
  } else if (failures.length > 0)
    void window.showWarningMessage(l10n.t('{0} Nuclio Tasks are deployed, {1} failed.', done, failures.length));
  for (const failure of failures) void notifyFailure(services, failure);
  if (others.length === 0 || abort.signal.aborted || !(await confirmReplace(others))) return;
  const again = others.map(({ folder }) => folder);
  const [first = ''] = again;
  if (again.length > 1) await deployAll(services, again, true);
  else await deployAndNotify(services, first, { replace: () => true });
}

async function deployEach(
  { deployer, model }: Services,
  folders: readonly string[],
  replace: boolean,
  progress: Progress<Step>,
  signal: AbortSignal,
): Promise<{ done: number; failures: DeployFailure[]; left: number; others: OtherFolder[] }> {
  const waiting = [...folders];
  const failures: DeployFailure[] = [];
  const others: OtherFolder[] = [];
  let done = 0;
  /** Folders that are not deployed because the user cancelled. */
  let left = 0;
  const next = async (): Promise<void> => {
    for (let folder = waiting.shift(); folder !== undefined; folder = waiting.shift()) {
      const name = model.folderRow(folder)?.name ?? path.basename(folder);
      try {
        await deployer.deploy(folder, {
          signal,
          replace: (other) => {
            if (!replace) others.push(other);
            return replace;
          },
          progress: {
            report: ({ message }) => progress.report({ message: l10n.t('{0} done; {1}: {2}', done, name, message) }),
          },
        });
        done += 1;
      } catch (error) {
        if (others.some((one) => one.folder === folder)) continue;
        if (error instanceof DismissedError) left += 1 + waiting.splice(0).length;
        else if (error instanceof DeployFailure) failures.push(error);
        else throw error;
      }
      progress.report({ increment: 100 / folders.length });
    }
  };
  await Promise.all([next(), next()]);
  return { done, failures, left, others };
}

async function notifySuccess(services: Services, deployed: Deployed): Promise<void> {
  if (!setting('deploy.showSuccess')) return;
  const { folder, task, unchanged, operation } = deployed;
  const invoke = l10n.t('Invoke');
  const again = l10n.t('Deploy Anyway');
  const warnings = operation.warnings.length > 0 ? ` ${l10n.t('Warning: {0}', operation.warnings.join(' '))}` : '';
  const picked = await window.showInformationMessage(
    successOf(deployed) + warnings,
    invoke,
    ...(unchanged ? [again] : []),
  );
  if (picked === invoke) await execute('fusionizer.task.invoke', { task: task.name });
  else if (picked === again) await deployAndNotify(services, folder, { force: true });
}

function successOf({ task, unchanged }: Deployed): string {
  if (unchanged) return l10n.t('{0}: nothing has changed since version {1}, which serves.', task.name, task.version);
  const group = task.group.length > 1 ? l10n.t(', fused as {0}', task.group.join(' + ')) : '';
  return l10n.t('{0} is deployed: version {1} serves{2}.', task.name, task.version, group);
}

async function notifyFailure(services: Services, failure: DeployFailure): Promise<void> {
  const showLog = l10n.t('Show Log');
  const open = l10n.t('Open');
  const retry = l10n.t('Retry');
  const make = l10n.t('Create function.yaml');
  const cause = failure.cause;
  const buttons =
    cause instanceof NoTaskError ? [make] : failure.file === undefined ? [showLog, retry] : [open, showLog, retry];
  const picked = await window.showErrorMessage(
    l10n.t('{0} could not be deployed: {1}', failure.taskName, messageOf(failure)),
    ...buttons,
  );
  if (picked === showLog) services.log.show(true);
  else if (picked === retry) await execute('fusionizer.task.deploy', Uri.file(failure.folder));
  else if (picked === make) await execute('fusionizer.config.create', Uri.file(failure.folder));
  else if (picked === open && failure.file !== undefined) {
    const at = new Position(Math.max(0, (failure.line ?? 1) - 1), 0);
    await window.showTextDocument(Uri.file(failure.file), { selection: new Range(at, at) });
  }
}
