import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { type LogOutputChannel, l10n, type Memento, type Progress } from 'vscode';
import { ClientError } from '../../client/errors.ts';
import type { FusionizerClient } from '../../client/fusionizerClient.ts';
import { OperationProgress, type ProgressListener } from '../../client/operationProgress.ts';
import type { Operation, TaskView } from '../../shared/api.ts';
import { FusionizerError, messageOf } from '../../shared/errors.ts';
import { formatSize } from '../../shared/format.ts';
import { familyOf } from '../../shared/runtimeFamily.ts';
import { prepareShipment, type Shipment } from '../../task/shipment.ts';
import { DismissedError } from '../errors.ts';
import type { ServerConnection } from '../server/serverConnection.ts';
import type { SetupModel } from '../setup/setupModel.ts';
import { withSlowProgress } from '../slowProgress.ts';
import { buildCommandsOf } from './buildConsent.ts';
import { confirmBuildCommands } from './confirmBuildCommands.ts';
import { DeployFailure } from './deployFailure.ts';
import type { DeployProblems } from './deployProblems.ts';
import { confirmReplace, type OtherFolder } from './otherFolder.ts';

/** Milliseconds until a deploy shows its progress. */
export const SLOW_DEPLOY = 400;

export interface Deployed {
  readonly folder: string;
  readonly task: TaskView;
  readonly operation: Operation;
  /** Nothing was new, so the version before still serves. */
  readonly unchanged: boolean;
}

export interface DeployParts {
  readonly server: ServerConnection;
  readonly model: SetupModel;
  readonly problems: DeployProblems;
  readonly log: LogOutputChannel;
  readonly state: Memento;
}

export interface DeployOptions {
  readonly name?: string | undefined;
  readonly force?: boolean | undefined;
  /** Decides whether the Task of another folder is replaced; by default the user is asked. */
  readonly replace?: ((other: OtherFolder) => boolean | Promise<boolean>) | undefined;
  /** Cancels the deploy, as the button of its progress does. */
  readonly signal?: AbortSignal | undefined;
  /** Shows the stages in place of a notification for this deploy. It has its own Cancel. */
  readonly progress?: Progress<{ message: string }> | undefined;
  /** Gets the stages and the build's output as well. */
  readonly follow?: ProgressListener | undefined;
}

/**
 * Zips a folder, or a single source file, and deploys it, with progress that can be cancelled.
 * @throws as `Deployer.deploy` does
 */
export async function deployFolder(parts: DeployParts, folder: string, options: DeployOptions): Promise<Deployed> {
  if (options.progress)
    return deploy(parts, folder, options, options.progress, options.signal ?? new AbortController().signal);
  const abort = new AbortController();
  const signal = options.signal ? AbortSignal.any([options.signal, abort.signal]) : abort.signal;
  return withSlowProgress(l10n.t('Deploying {0}', nameOf(parts, folder, options)), SLOW_DEPLOY, abort, (progress) =>
    deploy(parts, folder, options, progress, signal),
  );
}

/** As far as it is known before the folder is read. */
const nameOf = ({ model }: DeployParts, folder: string, { name }: DeployOptions): string =>
  name ?? model.folderRow(folder)?.name ?? path.basename(folder);

async function deploy(
  parts: DeployParts,
  folder: string,
  options: DeployOptions,
  progress: Progress<{ message: string }>,
  signal: AbortSignal,
): Promise<Deployed> {
  const { server, model, problems, log, state } = parts;
  let name = nameOf(parts, folder, options);
  model.setFolderError(folder, undefined);
  try {
    progress.report({ message: l10n.t('zip') });
    const shipment = await prepareShipment(folder, options.name);
    name = shipment.name;
    const connection = await server.start();
    const commands = buildCommandsOf(name, shipment.config);
    if (commands) await confirmBuildCommands(state, [commands], connection);
    signal.throwIfAborted();
    model.forgetError(name);
    const { client } = connection;
    log.info(
      l10n.t('Deploying {0} from {1}: {2} files, {3}', name, folder, shipment.files.length, formatSize(shipment.size)),
    );
    for (const warning of shipment.warnings) log.warn(warning);
    const operation = await send(log, client, shipment, options, progress, signal).catch(async (error: unknown) => {
      await askToReplace(parts, error, client, shipment, options);
      signal.throwIfAborted();
      return send(log, client, shipment, options, progress, signal, true);
    });
    const task = await client.task(name);
    problems.clear(folder);
    for (const warning of operation.warnings) log.warn(`${name}: ${warning}`);
    const unchanged = !operation.stages.some(({ stage }) => stage === 'build');
    log.info(
      unchanged
        ? l10n.t('{0}: nothing has changed since version {1}', name, task.version)
        : l10n.t('{0}: version {1} serves', name, task.version),
    );
    return { folder, task, operation, unchanged };
  } catch (error) {
    if (signal.aborted || (error instanceof ClientError && error.code === 'cancelled')) {
      log.info(l10n.t('The deploy of {0} was cancelled: nothing was changed', name));
      throw new DismissedError();
    }
    if (!(error instanceof ClientError || error instanceof FusionizerError)) throw error;
    log.error(`${name}: ${messageOf(error)}`);
    // An error before the request is about the folder, whose Task's name may not be known yet.
    if (error instanceof FusionizerError) model.setFolderError(folder, messageOf(error));
    else model.setError(name, folder, messageOf(error));
    const { file, line, message } = error;
    throw new DeployFailure(
      folder,
      name,
      error,
      file === undefined ? undefined : await problems.mark(folder, { file, line, message }),
    );
  }
}

/** @throws the error, unless another folder has the name; DismissedError if that one is not replaced */
async function askToReplace(
  { log, model }: DeployParts,
  error: unknown,
  client: FusionizerClient,
  shipment: Shipment,
  options: DeployOptions,
): Promise<void> {
  if (!(error instanceof ClientError) || error.code !== 'source') throw error;
  const { name, source: folder } = shipment;
  const { source, group, runtime } = await client.task(name);
  const { replace = (other) => confirmReplace([other]) } = options;
  const own = model.folderRow(folder)?.folder?.runtime;
  const isOtherRuntime = own !== undefined && familyOf(own) !== familyOf(runtime);
  const leaves = isOtherRuntime ? group.filter((other) => other !== name) : [];
  if (source === null || (await replace({ name, folder, from: source, leaves }))) {
    if (leaves.length > 0) await client.patchSetup([[name]]);
    return;
  }
  log.info(l10n.t('{0} is not replaced: it was deployed from {1}, not from {2}', name, source, folder));
  throw new DismissedError();
}

async function send(
  log: LogOutputChannel,
  client: FusionizerClient,
  shipment: Shipment,
  { force, follow }: DeployOptions,
  progress: Progress<{ message: string }>,
  signal: AbortSignal,
  replace = false,
): Promise<Operation> {
  const id = randomUUID();
  const followed = new OperationProgress(client, id, {
    stage: (stage) => {
      progress.report({ message: stage });
      follow?.stage(stage);
    },
    output: (line) => {
      log.info(`[${shipment.name}] ${line}`);
      follow?.output(line);
    },
  });
  await followed.follow(true);
  let result: Operation | undefined;
  try {
    result = await client.deploy(shipment.name, shipment.zip, {
      source: shipment.source,
      replace,
      force,
      operation: id,
      signal,
    });
    return result;
  } finally {
    result ??= await client.operation(id).catch(() => undefined);
    await followed.end(result);
    if (result) followed.tellOutput(result);
  }
}
