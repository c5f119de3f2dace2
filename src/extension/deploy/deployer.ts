import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { type LogOutputChannel, l10n, type Memento, type Progress, workspace } from 'vscode';
import { ClientError } from '../../client/errors.ts';
import type { FusionizerClient } from '../../client/fusionizerClient.ts';
import { OperationProgress, type ProgressListener } from '../../client/operationProgress.ts';
import type { Operation, TaskView } from '../../shared/api.ts';
import { FusionizerError, messageOf } from '../../shared/errors.ts';
import { formatSize } from '../../shared/format.ts';
import type { Shipment } from '../../task/shipment.ts';
import { DismissedError, UntrustedError } from '../errors.ts';
import type { Connection } from '../server/connect.ts';
import type { ServerConnection } from '../server/serverConnection.ts';
import type { TaskFolder } from '../setup/rows.ts';
import type { SetupModel } from '../setup/setupModel.ts';
import { withSlowProgress } from '../slowProgress.ts';
import type { BuildCommands } from './buildConsent.ts';
import type { DeployProblems, FaultPlace } from './deployProblems.ts';
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

/** A deploy that failed, with what the user needs to correct it. */
export class DeployFailure extends Error {
  readonly folder: string;
  readonly taskName: string;
  /** Absolute; undefined if no file is at fault. */
  readonly file: string | undefined;
  readonly line: number | undefined;
  /** The checks of function.yaml mark the fault, so it needs no other mark. */
  readonly marked: boolean;

  constructor(folder: string, taskName: string, cause: ClientError | FusionizerError, place: FaultPlace | undefined) {
    super(cause.message, { cause });
    this.folder = folder;
    this.taskName = taskName;
    this.file = place?.file;
    this.line = place?.line;
    this.marked = place?.checked ?? false;
  }
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

/** Zips Task folders and deploys them, with progress that can be cancelled. */
export class Deployer {
  readonly #parts: DeployParts;
  /** The folder of the newest deploy, to deploy it again. */
  last: string | undefined;
  /** Whether files are being saved for a deploy. */
  saving = false;

  constructor(parts: DeployParts) {
    this.#parts = parts;
  }

  /**
   * Deploys a folder, or a single source file; resolves when it serves.
   * @throws DeployFailure; DismissedError if it was cancelled; the error of a server that cannot be reached
   */
  async deploy(folder: string, options: DeployOptions = {}): Promise<Deployed> {
    if (!workspace.isTrusted) throw new UntrustedError();
    this.last = folder;
    await this.#save(folder);
    if (options.progress)
      return this.#deploy(folder, options, options.progress, options.signal ?? new AbortController().signal);
    const abort = new AbortController();
    const signal = options.signal ? AbortSignal.any([options.signal, abort.signal]) : abort.signal;
    return withSlowProgress(
      l10n.t('Deploying {0}', options.name ?? path.basename(folder)),
      SLOW_DEPLOY,
      abort,
      (progress) => this.#deploy(folder, options, progress, signal),
    );
  }

  /**
   * Asks for the build commands of all these folders in one question. Their deploys then ask only about a list that
   * changed meanwhile.
   * @throws DismissedError if the user does not agree; the error of a server that cannot be reached
   */
  async confirmAll(folders: readonly TaskFolder[]): Promise<void> {
    if (!workspace.isTrusted) throw new UntrustedError();
    const { buildCommandsIn } = await import('./buildConsent.ts');
    const { confirmBuildCommands } = await import('./confirmBuildCommands.ts');
    const all: BuildCommands[] = [];
    for (const { name, path: folder } of folders) {
      await this.#save(folder);
      // A configuration that cannot be read fails its own deploy, which reports it.
      const commands = await buildCommandsIn(name, folder).catch((error: unknown) => {
        if (error instanceof FusionizerError) return undefined;
        throw error;
      });
      if (commands) all.push(commands);
    }
    await confirmBuildCommands(this.#parts.state, all, await this.#parts.server.start());
  }

  async #save(folder: string): Promise<void> {
    this.saving = true;
    await saveFilesBelow(folder).finally(() => {
      this.saving = false;
    });
  }

  async #deploy(
    folder: string,
    options: DeployOptions,
    progress: Progress<{ message: string }>,
    signal: AbortSignal,
  ): Promise<Deployed> {
    const { server, model, problems, log } = this.#parts;
    let name = options.name ?? path.basename(folder);
    model.setFolderError(folder, undefined);
    try {
      progress.report({ message: l10n.t('zip') });
      const { prepareShipment } = await import('../../task/shipment.ts');
      const shipment = await prepareShipment(folder, options.name);
      name = shipment.name;
      const connection = await server.start();
      await this.#confirm(shipment, connection);
      signal.throwIfAborted();
      model.setError(name, undefined);
      const { client } = connection;
      log.info(
        l10n.t(
          'Deploying {0} from {1}: {2} files, {3}',
          name,
          folder,
          shipment.files.length,
          formatSize(shipment.size),
        ),
      );
      for (const warning of shipment.warnings) log.warn(warning);
      const operation = await this.#send(client, shipment, options, progress, signal).catch(async (error: unknown) => {
        await this.#askToReplace(error, client, shipment, options);
        signal.throwIfAborted();
        return this.#send(client, shipment, options, progress, signal, true);
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
      else model.setError(name, messageOf(error));
      const { file, line, message } = error;
      throw new DeployFailure(
        folder,
        name,
        error,
        file === undefined ? undefined : await problems.mark(folder, { file, line, message }),
      );
    }
  }

  async #confirm({ name, config }: Shipment, connection: Connection): Promise<void> {
    const { buildCommandsOf } = await import('./buildConsent.ts');
    const { confirmBuildCommands } = await import('./confirmBuildCommands.ts');
    const commands = buildCommandsOf(name, config);
    if (commands) await confirmBuildCommands(this.#parts.state, [commands], connection);
  }

  /** @throws the error, unless another folder has the name; DismissedError if that one is not replaced */
  async #askToReplace(error: unknown, client: FusionizerClient, shipment: Shipment, options: DeployOptions) {
    if (!(error instanceof ClientError) || error.code !== 'source') throw error;
    const { name, source: folder } = shipment;
    const { source } = await client.task(name);
    const { replace = (other) => confirmReplace([other]) } = options;
    if (source === null || (await replace({ name, folder, from: source }))) return;
    this.#parts.log.info(l10n.t('{0} is not replaced: it was deployed from {1}, not from {2}', name, source, folder));
    throw new DismissedError();
  }

  async #send(
    client: FusionizerClient,
    shipment: Shipment,
    { force, follow }: DeployOptions,
    progress: Progress<{ message: string }>,
    signal: AbortSignal,
    replace = false,
  ): Promise<Operation> {
    const { log } = this.#parts;
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
}

/** Deploys send what the editors show. */
async function saveFilesBelow(folder: string): Promise<void> {
  const unsaved = workspace.textDocuments.filter(
    (document) => document.isDirty && !document.isUntitled && isBelow(document.uri.fsPath, folder),
  );
  for (const document of unsaved) await document.save();
}

function isBelow(file: string, folder: string): boolean {
  return file === folder || file.startsWith(folder + path.sep);
}
